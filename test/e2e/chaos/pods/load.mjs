// A small closed-loop Redis load for a pod that has nothing but Node. It reads and writes keys whose shards it was told, over several
// connections, to names that no other load writes (HOSTNAME). A read must give what this connection wrote last, or it counts as `wrong`.
import { connect } from 'node:net';
import { Seconds } from './seconds.mjs';

const {
  HOST = '127.0.0.1',
  PORT = '6379',
  KEYS = '{}',
  CONNECTIONS = '6',
  PAUSE = '5',
  HOSTNAME = 'load',
} = process.env;
const shards = Object.entries(JSON.parse(KEYS)); // [["cart-0", ["k1", …]], …]
const seconds = new Seconds(shards.map(([name]) => name));

/** One connection that does one command at a time, for ever. */
function work(id) {
  const socket = connect({ host: HOST, port: Number(PORT), noDelay: true });
  const written = new Map();
  let turn = 0;
  let pending;
  let received = '';
  const next = () => {
    const [shard, keys] = shards[(turn + id) % shards.length];
    const key = `${keys[Math.floor(turn / shards.length) % keys.length]}`;
    // `key` is in braces, so that what follows does not change the shard; no other connection or load writes this name.
    const own = `{${key}}#${HOSTNAME}-${id}`;
    const write = !written.has(own) || turn % 2 === 0;
    const value = write ? `${own}=${turn}` : written.get(own);
    turn += 1;
    pending = { shard, own, write, value, since: performance.now() };
    socket.write(
      write
        ? `*3\r\n$3\r\nSET\r\n$${own.length}\r\n${own}\r\n$${value.length}\r\n${value}\r\n`
        : `*2\r\n$3\r\nGET\r\n$${own.length}\r\n${own}\r\n`,
    );
  };
  socket.on('connect', next);
  socket.on('data', (chunk) => {
    received += chunk;
    const line = received.indexOf('\r\n');
    if (line < 0) return;
    const head = received.slice(0, line);
    const size = head.startsWith('$') && head !== '$-1' ? Number(head.slice(1)) + 2 : 0;
    if (received.length < line + 2 + size) return;
    const body = size > 0 ? received.slice(line + 2, line + size) : head;
    received = received.slice(line + 2 + size);
    const { shard, own, write, value, since } = pending;
    const error = head.startsWith('-') ? head.slice(1) : undefined;
    if (write) {
      if (error === undefined) written.set(own, value);
      else written.delete(own); // not known whether it was applied
      seconds.count(shard, since, error, error === undefined && body !== '+OK');
    } else seconds.count(shard, since, error, error === undefined && body !== value);
    setTimeout(next, Number(PAUSE));
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    seconds.connectionBroke();
    setTimeout(() => work(id), 200);
  });
}

for (let id = 0; id < Number(CONNECTIONS); id++) work(id);
process.on('SIGTERM', () => process.exit(0));
