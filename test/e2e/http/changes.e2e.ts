import { afterAll, beforeAll, expect, it } from 'vitest';
import { LOADS, Scene } from '../chaos/scene.ts';
import { type Change, tell } from './support/account.ts';
import { COUNTER, change, verdicts } from './support/counter.ts';

const ROUNDS = 6;
let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open('changes', COUNTER);
}, 300_000);

afterAll(() => scene?.close(), 180_000);

/** Another shard, other weights, in two rounds a roll-out, and the shard away again: 20 in six rounds. */
const round = (n: number): [string, object][] => [
  ['grow', { shards: 4 }],
  ['reweight', { overrides: [{ index: n % 3, weight: 2 + n }] }],
  ...(n % 3 === 1 ? roll(n) : []),
  ['shrink', { shards: 3 }],
];

const roll = (n: number): [string, object][] => [
  ['roll', { template: { metadata: { annotations: { round: String(n) } } } }],
];

it('over 20 changes of the topology under load no request is lost, and none is done or answered twice', async () => {
  const changes: Change[] = [];
  for (let n = 0; n < ROUNDS; n++) {
    for (const [what, patch] of round(n)) {
      const from = Date.now();
      changes.push({ what, from, epoch: await change(scene, patch), to: Date.now() });
    }
  }
  // The shard that came and went has written down what it did on volumes that stay: it has to be there to be asked.
  await change(scene, { shards: 4 });
  expect(changes).toHaveLength(20);
  const found = await verdicts(scene, LOADS);
  console.log(tell(changes, found));
  for (const [load, { lost, strange, notDone, doneTwice, failures, answered, sent }] of Object.entries(found)) {
    expect({ load, lost, strange, notDone, doneTwice }).toEqual({
      load,
      ...{ lost: [], strange: [], notDone: [], doneTwice: [] },
    });
    expect({ load, failures }).toEqual({ load, failures: [] });
    expect(answered).toBe(sent);
    expect(sent).toBeGreaterThan(1000);
  }
  const epochs = changes.map(({ epoch }) => epoch);
  expect(epochs).toEqual([...new Set(epochs)].toSorted((a, b) => a - b));
}, 600_000);
