/** Faults one after the other under load, chosen by chance, for as long as is asked; shards that are not hit must not see an error. */
import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { cluster } from '@motif/cluster/testing';
import { LOADS, type Reports, type Scene, SHARDS } from '../../test/e2e/chaos/scene.ts';
import { secondsFrom } from './arguments.ts';
import { withScene } from './scene.ts';

interface Fault {
  readonly name: string;
  /** The shards whose keys may see errors. */
  readonly hits: readonly string[];
  readonly run: (scene: Scene) => Promise<void>;
}

const kill = (pod: string) => ['delete', 'pod', pod, '--grace-period=0', '--force', '--wait=false'];

async function killOne({ namespace }: Scene, selector: string): Promise<void> {
  const pods = (await namespace.kubectl(['get', 'pods', '-l', selector, '-o', 'name'])).trim().split('\n');
  const pod = pods[randomInt(pods.length)] ?? '';
  await namespace.kubectl(kill(pod.replace('pod/', '')));
}

const faults: readonly Fault[] = [
  ...SHARDS.map((shard) => ({
    name: `kill ${shard}`,
    hits: [shard],
    run: async ({ namespace }: Scene) => void (await namespace.kubectl(kill(`${shard}-0`))),
  })),
  { name: 'kill an operator', hits: [], run: (scene) => killOne(scene, 'app.kubernetes.io/component=operator') },
  { name: 'kill a router', hits: [], run: (scene) => killOne(scene, 'motif.dev/role=router') },
  {
    name: 'the API server away for 20 s',
    hits: [],
    run: async () => {
      const server = cluster.part('kube-apiserver');
      await server.stop();
      await pause(20_000);
      await server.start();
    },
  },
  {
    name: 'roll the shards',
    hits: SHARDS,
    run: async ({ namespace }) => {
      const annotation = { spec: { template: { metadata: { annotations: { rolled: String(Date.now()) } } } } };
      await namespace.kubectl([
        'patch',
        'shardedservices.motif.dev',
        'cart',
        '--type=merge',
        '-p',
        JSON.stringify(annotation),
      ]);
      await namespace.kubectl([
        'wait',
        '--for=condition=Progressing=True',
        'shardedservices.motif.dev/cart',
        '--timeout=30s',
      ]);
      await namespace.kubectl([
        'wait',
        '--for=condition=Progressing=False',
        'shardedservices.motif.dev/cart',
        '--timeout=180s',
      ]);
    },
  },
];

/** Errors and wrong answers of shards that the fault does not hit. */
function unexpected(reports: Reports, hits: readonly string[]): number {
  const spared = SHARDS.filter((shard) => !hits.includes(shard));
  return LOADS.flatMap((load) => spared.map((shard) => reports[load].shards[shard])).reduce(
    (sum, own) => sum + (own?.errors ?? 0) + (own?.wrong ?? 0),
    0,
  );
}

const end = performance.now() + 1000 * secondsFrom(process.argv);
let rounds = 0;
let answers = 0;
let bad = 0;
await withScene('verify-chaos', async (scene) => {
  while (performance.now() < end) {
    const fault = faults[randomInt(faults.length)];
    if (fault === undefined) break;
    console.log(`round ${rounds + 1}: ${fault.name}`);
    const reports = await scene.under(() => fault.run(scene));
    const own = unexpected(reports, fault.hits);
    if (own > 0) console.log(`  ${own} unexpected errors or wrong answers`);
    bad += own;
    rounds += 1;
    answers += LOADS.flatMap((load) => Object.values(reports[load].shards)).reduce((sum, { ok }) => sum + ok, 0);
  }
  console.log(`chaos: ${rounds} faults, ${answers} good answers, ${bad} unexpected errors or wrong answers`);
  process.exitCode = bad === 0 && rounds > 0 ? 0 : 1;
});
