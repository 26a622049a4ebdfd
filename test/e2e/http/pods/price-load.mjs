// A steady load on the price service: asks for prices whose shards it was told. An answer of another shard, or to another question, is a wrong one.
// `seconds.mjs` is that of the chaos tests; in the pod both lie in one folder.
import { setTimeout as pause } from 'node:timers/promises';
import { HttpConnection } from './http-client.mjs';
import { Seconds } from './seconds.mjs';

const { HOST = '127.0.0.1', PORT = '8080', KEYS = '{}', CONNECTIONS = '6', PAUSE = '15' } = process.env;
const shards = Object.entries(JSON.parse(KEYS)); // [["prices-0", [["oak", "desk-150"], …]], …]
const seconds = new Seconds(shards.map(([name]) => name));

async function work(id) {
  const connection = new HttpConnection({
    host: HOST,
    port: Number(PORT),
    timeoutMs: 10_000,
    onExtra: (text) => seconds.count(shards[0][0], performance.now(), `an answer too many: ${text}`, false),
  });
  for (let turn = 0; ; turn++) {
    const [shard, keys] = shards[(turn + id) % shards.length];
    const [tenant, sku] = keys[Math.floor(turn / shards.length) % keys.length];
    const since = performance.now();
    try {
      const { status, headers, body } = await connection.request('GET', `/prices/${sku}`, { 'x-tenant': tenant });
      if (status === 200)
        seconds.count(shard, since, undefined, JSON.parse(body).shard !== shard || JSON.parse(body).sku !== sku);
      else seconds.count(shard, since, `${status} ${headers['x-motif-error'] ?? ''} ${body.trim()}`, false);
    } catch (error) {
      seconds.connectionBroke();
      seconds.count(shard, since, error.message, false);
    }
    await pause(Number(PAUSE));
  }
}

for (let id = 0; id < Number(CONNECTIONS); id++) void work(id);
process.on('SIGTERM', () => process.exit(0));
