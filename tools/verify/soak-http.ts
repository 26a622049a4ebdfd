/** Topology changes by chance under load, on loopback: every request is answered once, and what may be done only once is. */
import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '@motif/kit/testing';
import { secondsFrom } from './arguments.ts';
import { ProxyChild } from './http/children.ts';
import { Pods, type SoakFigures, soakClient } from './http/soak.ts';

const CLIENTS = 32;

const seed = randomInt(2 ** 31);
const random = seededRandom(seed);
const end = performance.now() + 1000 * secondsFrom(process.argv);
const over = () => performance.now() >= end;
const figures: SoakFigures = { requests: 0, answered: 0, lost: 0, wrong: 0, errors: new Map() };
let changes = 0;
const pods = await Pods.start(4, random);
const proxy = await ProxyChild.start(pods.nextTopology());
try {
  const clients = Array.from({ length: CLIENTS }, (_, i) => soakClient(proxy.port, i, random, figures, over));
  while (!over()) {
    await pods.change(proxy);
    changes++;
    await pause(200 * random());
  }
  await Promise.all(clients);
} finally {
  await proxy.stop();
  await pods.stop();
}
for (const [reason, count] of figures.errors) console.log(`  ${reason} ×${count}`);
const { requests, answered, lost, wrong } = figures;
const { twice } = pods;
console.log(
  `soak-http: seed ${seed}, ${changes} topology changes, ${requests} requests, ${answered} answered, ${lost} lost, ${twice} done twice, ` +
    `${wrong} wrong, ${pods.again} sent again`,
);
process.exitCode = lost + twice + wrong === 0 && changes > 0 ? 0 : 1;
