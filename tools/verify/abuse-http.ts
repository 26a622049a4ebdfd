/** Clients that misbehave, one kind after the other, while others behave: what it costs the proxy, and whether those who behave notice. */
import { setTimeout as pause } from 'node:timers/promises';
import { localHttpTopology } from '@motif/api/topology/testing';
import { keysByShard } from '@motif/chassis/http/testing/keys';
import { RawHttpClient, statusOf } from '@motif/chassis/http/testing/raw-client';
import { ATTACKS, type Ground } from './http/attacks.ts';
import { ProxyChild, ShardsChild } from './http/children.ts';
import { PacedLoad, percentile } from './http/load.ts';
import type { ProxyFigures } from './http/messages.ts';

/** An attack may cost so much memory at its height, and so much may be left after it; bytes. */
const MOST_RISE = 250e6;
const MOST_LEFT = 60e6;

/** Waits until the attacked shard takes its traffic again. */
async function calmDown(): Promise<void> {
  for (let good = 0; good < 20; ) {
    const client = await RawHttpClient.connect(proxy.port);
    const answer = await client.ask(ground.head('GET'));
    good = statusOf(answer) === 200 ? good + 1 : 0;
    client.destroy();
    await pause(50);
  }
}

const mb = (bytes: number) => (bytes / 1e6).toFixed(0);

const [attacked, well] = await Promise.all([ShardsChild.start(1), ShardsChild.start(2)]);
const topology = localHttpTopology([...attacked.ports, ...well.ports]);
const proxy = await ProxyChild.start(topology);
const keys = keysByShard(topology, 50);
const load = new PacedLoad({
  port: proxy.port,
  rate: 200,
  requests: keys
    .slice(1)
    .flat()
    .map((key) => `GET /item HTTP/1.1\r\nhost: cart\r\nx-shard-key: ${key}\r\n\r\n`),
  connections: 512,
});
let height: ProxyFigures | undefined;
const ground: Ground = {
  port: proxy.port,
  shards: attacked,
  head: (method, fields = '') =>
    `${method} /item HTTP/1.1\r\nhost: cart\r\nx-shard-key: ${keys[0]?.[0]}\r\n${fields}\r\n`,
  atItsHeight: async () => {
    height = await proxy.look();
  },
};

let errors = 0;
let answers = 0;
let worstRise = 0;
load.start();
try {
  await pause(5000);
  load.take();
  const calm = await proxy.look(true);
  console.log(`calm: ${mb(calm.rss)} MB resident, ${mb(calm.heapUsed)} MB of heap`);
  console.log(
    '| attack | resident at its height, MB | after it, MB | p99 of others, ms | their errors | what was seen |',
  );
  console.log('|---|---|---|---|---|---|');
  for (const { name, run } of ATTACKS) {
    load.take();
    const seen = await run(ground);
    const { latencies, outcomes } = load.take();
    await calmDown();
    const after = await proxy.look(true);
    const others = [...outcomes].filter(([outcome]) => outcome !== '200');
    errors += others.reduce((sum, [, count]) => sum + count, 0);
    const bad = others.map(([outcome, count]) => `${outcome} ×${count}`).join(', ') || 'none';
    answers += latencies.length;
    const rise = (height?.rss ?? 0) - calm.rss;
    worstRise = Math.max(worstRise, rise);
    if (rise > MOST_RISE || after.heapUsed - calm.heapUsed > MOST_LEFT) process.exitCode = 1;
    const figures = [mb(height?.rss ?? 0), mb(after.rss), percentile(latencies, 99).toFixed(1), bad];
    console.log(`| ${name} | ${figures.join(' | ')} | ${seen} |`);
  }
  await load.stop();
  await pause(6000);
  const end = await proxy.look(true);
  const upstream = [...(await attacked.look()), ...(await well.look())].reduce((sum, { open }) => sum + open, 0);
  console.log(
    `abuse-http: ${ATTACKS.length} attacks, memory ${mb(calm.rss)} MB calm, at most ${mb(calm.rss + worstRise)} MB, ${mb(end.rss)} MB after, ` +
      `${answers} answers and ${errors} errors of those who behave, ${upstream} connections to shards left`,
  );
  if (errors > 0) process.exitCode = 1;
} finally {
  await Promise.all([proxy.stop(), attacked.stop(), well.stop()]);
}
