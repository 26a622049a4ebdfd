// Asks `counter.mjs` for things that have names of their own, as fast as the answers come, and keeps what became of each. Three kinds by turns: a GET, a
// POST that must not be sent twice, and a POST whose `Idempotency-Key` says that it may. `GET :8090/finish` ends the load and gives the whole account.
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { HttpConnection } from './http-client.mjs';

const {
  HOST = '127.0.0.1',
  PORT = '8080',
  CONNECTIONS = '6',
  PAUSE = '20',
  HOSTNAME = 'load',
  REPORT = '8090',
} = process.env;
const KINDS = ['get', 'post', 'keyed'];
const account = { sent: 0, ok: { get: 0, post: 0, keyed: 0 }, slowestMs: 0, failures: [], extra: [], instances: {} };
let going = true;

function wrong(answer, id, bytes) {
  if (answer.status !== 200) return `${answer.status} ${answer.headers['x-motif-error'] ?? ''} ${answer.body.trim()}`;
  const body = JSON.parse(answer.body);
  if (body.id !== id || body.bytes !== bytes) return `wrong: the answer to ${id} was ${answer.body}`;
  account.instances[body.instance] = (account.instances[body.instance] ?? 0) + 1;
  return undefined;
}

async function askOne(connection) {
  const n = account.sent++;
  const kind = KINDS[n % KINDS.length];
  const id = `${HOSTNAME}.${n}`;
  const headers = { 'x-tenant': `tenant-${n % 17}`, ...(kind === 'keyed' ? { 'idempotency-key': id } : {}) };
  // Every thirtieth has a body that does not fit into one read.
  const body = kind === 'get' ? '' : `n=${n}${'.'.repeat(n % 30 === 1 ? 100_000 : 0)}`;
  const since = performance.now();
  const text = await connection.request(kind === 'get' ? 'GET' : 'POST', `/do/${id}`, headers, body).then(
    (answer) => wrong(answer, id, Buffer.byteLength(body)),
    (error) => error.message,
  );
  account.slowestMs = Math.max(account.slowestMs, Math.round(performance.now() - since));
  if (text === undefined) account.ok[kind] += 1;
  else account.failures.push({ id, kind, text, at: new Date().toISOString() });
  if (text !== undefined) await pause(100);
}

async function work() {
  const onExtra = (text) => account.extra.push(text);
  const connection = new HttpConnection({ host: HOST, port: Number(PORT), timeoutMs: 10_000, onExtra });
  while (going) {
    await askOne(connection);
    await pause(Number(PAUSE));
  }
  await pause(500); // an answer too many would come now
  connection.close();
}

const workers = Array.from({ length: Number(CONNECTIONS) }, work);
createServer(async (request, response) => {
  if (request.url === '/finish') {
    going = false;
    await Promise.all(workers);
  }
  response.end(JSON.stringify(account));
}).listen(Number(REPORT));
process.on('SIGTERM', () => process.exit(0));
