// A service that does a thing for each request and writes down what it did: `GET|POST /do/<id>` appends the id to a file on the shard's volume before it
// answers. Afterwards the files of all pods say what was done once, twice or never.
import { openSync, readFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';

const { DATA = '/data', PORT = '8080', HOSTNAME = 'counter', VERSION = '' } = process.env;
const log = openSync(`${DATA}/done.log`, 'a');
let draining = false;

const server = createServer((request, response) => {
  if (draining) response.shouldKeepAlive = false;
  if (request.url === '/healthz') return void response.writeHead(200).end();
  if (request.url === '/done') return void response.end(readFileSync(`${DATA}/done.log`));
  const id = /^\/do\/([\w.-]+)$/.exec(request.url)?.[1];
  if (id === undefined) return void response.writeHead(404).end();
  let bytes = 0;
  request.on('data', (chunk) => {
    bytes += chunk.length;
  });
  request.on('end', () => {
    writeSync(log, `${id}\n`);
    const body = JSON.stringify({ id, bytes, instance: HOSTNAME, version: VERSION });
    // Some answers take a while and some come in chunks, so that a change finds requests in every state.
    const ordinal = Number(/\d+$/.exec(id)?.[0] ?? 0);
    setTimeout(
      () => {
        if (ordinal % 7 !== 0) response.setHeader('content-length', body.length);
        response.write(body.slice(0, 10));
        setImmediate(() => response.end(body.slice(10)));
      },
      (ordinal * 7) % 40,
    );
  });
});
server.listen(Number(PORT), () => console.log(`${HOSTNAME} listens on ${PORT}`));

process.once('SIGTERM', () => {
  draining = true;
  server.close(() => process.exit(0));
});
