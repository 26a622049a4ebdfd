import { waitFor } from '@motif/cluster/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectNoErrors } from '../chaos/expectations.ts';
import { LOADS, Scene } from '../chaos/scene.ts';
import { adminPage, askInside, podIdentities, podNames } from './support/inside.ts';
import { type Key, keysByShard, PRICES, SHARDS } from './support/prices.ts';

const HOT = 'motif.dev/role=shard,motif.dev/shard=1';
const COLD = 'motif.dev/role=shard,motif.dev/shard!=1';
const keys = keysByShard();
let scene: Scene;
/** The shard that the bad image reached. */
let hit = '';

/** What a replica holds, and how often it has answered. */
interface Owned {
  readonly shard: string;
  readonly prices: number;
  readonly answered: number;
}

beforeAll(async () => {
  scene = await Scene.open('prices', PRICES);
  await scene.namespace.kubectl(['apply', '-f', '-'], PRICES.client);
  await scene.namespace.kubectl(['wait', '--for=condition=Ready', 'pod/client', '--timeout=120s']);
}, 300_000);

afterAll(() => scene?.close(), 180_000);

/** Asks from the example's client pod: its ambassador, or whatever else is said. */
const ask = (path: string, headers: Record<string, string> = {}, base = 'http://127.0.0.1:8080') =>
  askInside(scene.namespace, 'client', 'app', base + path, headers);

const owned = async (pod: string): Promise<Owned> =>
  JSON.parse((await askInside(scene.namespace, pod, 'prices', 'http://127.0.0.1:8080/owned')).body) as Owned;

const patch = async (spec: object) => {
  const body = JSON.stringify({ spec });
  await scene.namespace.kubectl(['patch', 'shardedservices.motif.dev', 'prices', '--type=merge', '-p', body]);
};

const waitCondition = (condition: string, seconds = 90) =>
  scene.namespace.kubectl(['wait', `--for=condition=${condition}`, 'ssvc/prices', `--timeout=${seconds}s`]);

describe('the example on the real cluster', () => {
  it('answers through the router and through an ambassador, each key from the shard that owns it', async () => {
    await scene.healthy();
    for (const load of LOADS) expectNoErrors(await scene.reportOf(load, Date.now() - 3000), SHARDS);
    for (const shard of SHARDS) {
      const [tenant, sku] = keys[shard]![0] as Key;
      for (const base of ['http://127.0.0.1:8080', 'http://prices:8080']) {
        const answer = await ask(`/prices/${sku}`, { 'x-tenant': tenant }, base);
        expect([answer.status, answer.headers['x-shard'], JSON.parse(answer.body).sku]).toEqual([200, shard, sku]);
      }
      // The second form of the key, for those who cannot send the header.
      expect((await ask(`/price?tenant=${tenant}&sku=${sku}`)).headers['x-shard']).toBe(shard);
    }
  });

  it('each shard has its own prices and refuses the others; the replicas of the hot one have the same', async () => {
    for (const [index, shard] of SHARDS.entries()) {
      const pods = await podNames(scene.namespace, `motif.dev/role=shard,motif.dev/shard=${index}`);
      expect(pods).toHaveLength(index === 1 ? 3 : 1);
      for (const pod of pods) expect(await owned(pod)).toMatchObject({ shard, prices: keys[shard]!.length });
    }
    const [tenant, sku] = keys['prices-0']![0] as Key;
    const past = await ask(`/prices/${sku}`, { 'x-tenant': tenant }, 'http://prices-1-0.prices-shards:8080');
    expect([past.status, past.headers['x-shard']]).toEqual([421, 'prices-1']);
  });

  it('the load of the hot shard is spread over its replicas', async () => {
    const pods = await podNames(scene.namespace, HOT);
    const before = await Promise.all(pods.map(owned));
    const since = async () =>
      (await Promise.all(pods.map(owned))).map(({ answered }, i) => answered - before[i]!.answered);
    await waitFor('300 answers of the hot shard', async () => (await since()).reduce((a, b) => a + b) >= 300, {
      timeoutMs: 60_000,
    });
    const answers = await since();
    console.log(`answers of the replicas of prices-1: ${answers.join(', ')}`);
    for (const own of answers) expect(own).toBeGreaterThan(0.2 * answers.reduce((a, b) => a + b));
  });

  it('a request without a key is refused with 400, and says what a key is made of', async () => {
    for (const base of ['http://127.0.0.1:8080', 'http://prices:8080']) {
      const answer = await ask('/prices/desk-150', {}, base);
      expect([answer.status, answer.headers['x-motif-error']]).toEqual([400, 'NoShardKey']);
    }
  });

  it('the admin pages tell the hot keys and the load of each shard', async () => {
    const hot = await adminPage(scene.namespace, 'through-ambassador', 'load', '/hotkeys');
    expect(JSON.parse(hot)).toBeTypeOf('object');
    const topology = JSON.parse(await adminPage(scene.namespace, 'through-ambassador', 'load', '/topology'));
    console.log(`${hot.slice(0, 500)}\n${JSON.stringify(topology).slice(0, 800)}`);
  });
});

describe('under load', () => {
  it('the hot shard alone is scaled; the others keep their pods, and nobody sees an error', async () => {
    const before = await podIdentities(scene.namespace, COLD);
    const reports = await scene.under(async () => {
      for (const replicas of [2, 3]) {
        await patch({ overrides: [{ index: 1, replicas }] });
        const count = async () => (await podNames(scene.namespace, HOT)).length;
        await waitFor(`${replicas} replicas`, async () => (await count()) === replicas, { timeoutMs: 60_000 });
      }
      await waitCondition('Progressing=False');
    });
    for (const load of LOADS) expectNoErrors(reports[load], SHARDS);
    expect(await podIdentities(scene.namespace, COLD)).toEqual(before);
  });

  it('a killed shard costs the keys of no other shard an answer', async () => {
    const reports = await scene.under(async () => {
      await scene.namespace.kubectl(['delete', 'pod', 'prices-0-0', '--grace-period=0', '--force']);
      await scene.podAgain('prices-0-0');
    });
    for (const load of LOADS) expectNoErrors(reports[load], ['prices-1', 'prices-2']);
  });

  it('a killed replica of the hot shard costs nobody an answer', async () => {
    const reports = await scene.under(async () => {
      await scene.namespace.kubectl(['delete', 'pod', 'prices-1-1', '--grace-period=0', '--force']);
      await scene.podAgain('prices-1-1');
    });
    for (const load of LOADS) expectNoErrors(reports[load], SHARDS);
  });

  it('without an operator all traffic goes on', async () => {
    const { namespace, operator } = scene;
    const reports = await scene.under(async () => {
      const own = 'app.kubernetes.io/component=operator';
      await namespace.kubectl(['delete', 'pod', '-l', own, '--grace-period=0', '--force']);
      await namespace.kubectl(['rollout', 'status', `deployment/${operator.release}-operator`, '--timeout=120s']);
    });
    for (const load of LOADS) expectNoErrors(reports[load], SHARDS);
  });

  it('a bad image is told with its reason and reaches no second shard; mended, all is well', async () => {
    const good = JSON.parse(await scene.namespace.kubectl(['get', 'ssvc', 'prices', '-o', 'json'])).spec.template;
    const [container] = good.spec.containers;
    const bad = { ...container, image: 'registry.invalid/none:1' };
    const before = await podIdentities(scene.namespace, 'motif.dev/role=shard');
    const reports = await scene.under(async () => {
      await patch({ template: { ...good, spec: { ...good.spec, containers: [bad] } } });
      await waitCondition('Degraded=True');
      const status = JSON.parse(await scene.namespace.kubectl(['get', 'ssvc', 'prices', '-o', 'json'])).status;
      const degraded = status.conditions.find(({ type }: { type: string }) => type === 'Degraded');
      expect(degraded.message).toContain('registry.invalid/none:1');
      const now = await podIdentities(scene.namespace, 'motif.dev/role=shard');
      const replaced = [...before].filter(([name, uid]) => now.get(name) !== uid).map(([name]) => name);
      expect(replaced).toHaveLength(1);
      hit = replaced[0]!.slice(0, 'prices-0'.length);
      await patch({ template: good });
      await waitCondition('Degraded=False');
      await waitCondition('Progressing=False');
    });
    const spared = SHARDS.filter((shard) => shard !== hit);
    for (const load of LOADS) expectNoErrors(reports[load], spared);
  });
});
