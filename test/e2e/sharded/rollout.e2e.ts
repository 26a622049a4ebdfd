import { waitFor } from '@motif/cluster/testing';
import { type KubeObject, resources } from '@motif/kube';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { redisTemplate, shardedService } from './support/resource.ts';
import { World } from './support/world.ts';

interface Pod extends KubeObject {
  status?: { conditions?: { type: string; status: string }[] };
}

describe('a roll-out', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create('roll');
    await world.start();
    await world.apply(shardedService('cart', { shards: 3 }));
    await world.untilSettled('cart');
  });
  afterAll(() => world.close());

  const ready = async () => {
    const pods = await world.list<Pod>(resources.pods, 'motif.dev/role=shard');
    return pods.filter(({ metadata, status }) => {
      const up = status?.conditions?.some(({ type, status: state }) => type === 'Ready' && state === 'True');
      return up && metadata.deletionTimestamp === undefined;
    });
  };

  test('restarts every shard, one after the other', async () => {
    const before = await world.podIdentities('motif.dev/role=shard');
    let fewest = 3;
    const template = redisTemplate({ env: [{ name: 'ROUND', value: '2' }] });
    await world.patch('cart', { spec: { template } });
    const done = async () => {
      const now = await ready();
      fewest = Math.min(fewest, now.length);
      const service = await world.service('cart');
      const progressing = service.status?.conditions?.find(({ type }) => type === 'Progressing');
      return now.length === 3 && progressing?.observedGeneration === 2 && progressing.status === 'False';
    };
    await waitFor('all shards are rolled out', done, { timeoutMs: 120_000, everyMs: 50 });
    const after = await world.podIdentities('motif.dev/role=shard');
    for (const [name, identity] of before) expect(after.get(name), name).not.toBe(identity);
    expect(fewest).toBe(2);
  });

  test('of a bad image costs one shard, says why within 30 s, and is mended', async () => {
    const before = await world.podIdentities('motif.dev/role=shard');
    const started = performance.now();
    await world.patch('cart', { spec: { template: redisTemplate({ image: 'registry.invalid/none:1' }) } });
    const degraded = await world.until('cart', 'Degraded', 'True', 'ImagePullBackOff', 45_000);
    expect(performance.now() - started).toBeLessThan(30_000);
    expect(degraded.message).toContain('registry.invalid/none:1');
    const during = await world.podIdentities('motif.dev/role=shard');
    const replaced = [...before].filter(([name, identity]) => during.get(name) !== identity);
    expect(replaced.map(([name]) => name)).toEqual(['cart-0-0']);
    await world.patch('cart', { spec: { template: redisTemplate() } });
    await world.untilSettled('cart', 120_000);
    await world.until('cart', 'Degraded', 'False');
  });

  test('of a template that the API server refuses says so in its words and touches nothing', async () => {
    const before = await world.podIdentities('motif.dev/role=shard');
    const template = redisTemplate();
    const spec = { ...template.spec, dnsPolicy: 'Sometimes' };
    await world.patch('cart', { spec: { template: { ...template, spec } } });
    const degraded = await world.until('cart', 'Degraded', 'True', 'TemplateInvalid');
    expect(degraded.message).toContain('dnsPolicy');
    expect(await world.podIdentities('motif.dev/role=shard')).toEqual(before);
    await world.patch('cart', { spec: { template: { ...template, spec: { ...template.spec, dnsPolicy: null } } } });
    await world.untilSettled('cart');
    await world.until('cart', 'Degraded', 'False');
  });
});
