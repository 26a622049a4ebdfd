import { type KubeObject, resources } from '@motif/kube';
import type { Claim, StatefulSet } from '@motif/operator/sharded/kinds';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shardedService } from './support/resource.ts';
import { World } from './support/world.ts';

describe('a larger storage.size', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create('grow');
    await world.start();
  });
  afterAll(() => world.close());

  const claimed = async () => {
    const claims = await world.list<Claim>(resources.persistentVolumeClaims);
    return new Set(claims.map(({ spec }) => spec.resources?.requests?.storage));
  };

  test('grows the claims and replaces each StatefulSet around its pods', async () => {
    await world.apply(shardedService('cart', { storage: { size: '32Mi' }, claimRetention: { whenDeleted: 'Delete' } }));
    await world.untilSettled('cart');
    await world.redis('cart-0-0', 'set', 'a', '1');
    const pods = await world.podIdentities('motif.dev/service=cart');
    const before = new Set((await world.list(resources.statefulSets)).map(({ metadata }) => metadata.uid));
    await world.patch('cart', { spec: { storage: { size: '64Mi' } } });
    await world.until('cart', 'Progressing', 'False', 'Converged', 90_000);
    expect(await claimed()).toEqual(new Set(['64Mi']));
    const sets = await world.list<StatefulSet>(resources.statefulSets);
    expect(sets).toHaveLength(2);
    for (const { metadata, spec } of sets) {
      expect(before.has(metadata.uid)).toBe(false);
      expect(spec.volumeClaimTemplates?.[0]?.spec.resources?.requests?.storage).toBe('64Mi');
      expect(spec.persistentVolumeClaimRetentionPolicy?.whenDeleted).toBe('Delete');
    }
    expect(await world.podIdentities('motif.dev/service=cart')).toEqual(pods);
    expect(await world.redis('cart-0-0', 'get', 'a')).toBe('1');
  });

  test('is Degraded/VolumeNotExpandable where the class cannot, and nothing is touched', async () => {
    await world.apply(shardedService('fixed', { shards: 1, storage: { size: '32Mi', storageClassName: 'fixed' } }));
    await world.untilSettled('fixed');
    const before = await world.find<KubeObject>(resources.statefulSets, 'fixed-0');
    await world.patch('fixed', { spec: { storage: { size: '64Mi' } } });
    const degraded = await world.until('fixed', 'Degraded', 'True', 'VolumeNotExpandable');
    expect(degraded.message).toMatch(/64Mi.*data-fixed-0-0 has 32Mi.*storage class fixed does not allow/);
    expect((await world.find<KubeObject>(resources.statefulSets, 'fixed-0'))?.metadata.uid).toBe(before?.metadata.uid);
    await world.until('fixed', 'Ready', 'True');
  });
});
