import { describe, expect, test } from 'vitest';
import { shardStatefulSet } from '../desired/statefulset.ts';
import type { Claim, StatefulSet } from '../kinds.ts';
import { fingerprintOf } from '../spec.ts';
import { emptyWorld, live, resource, shardPod } from '../testing.ts';
import { planShards } from './plan.ts';

const of = resource({ storage: { size: '1Gi' } });
const fingerprint = fingerprintOf(of);
const wanted = (index: number, service = of) =>
  shardStatefulSet(service, index, { replicas: 1, fingerprint, claim: { size: '1Gi', fingerprint } });
const sets = (service = of) =>
  new Map([0, 1, 2].map((index) => [index, live(service, wanted(index, service))] as const));
const pods = (service = of) =>
  new Map([0, 1, 2].map((index) => [`cart-${index}-0`, shardPod(service, index)] as const));

const claim = (fingerprintOfData: string, size = '1Gi'): Claim => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data-cart-0-0', annotations: { 'motif.dev/sharding-fingerprint': fingerprintOfData } },
  spec: { storageClassName: 'standard', resources: { requests: { storage: size } } },
});

describe('planShards', () => {
  test('makes everything in an empty world', () => {
    const plan = planShards(emptyWorld(of));
    expect(plan.rollout.apply).toEqual([0, 1, 2]);
    expect(plan.sharding.kind).toBe('Matches');
  });

  test('restarts nothing where all is as wanted', () => {
    const plan = planShards(emptyWorld(of, { statefulSets: sets(), shardPods: pods() }));
    expect(plan.rollout).toMatchObject({ outdated: [], waiting: [], rolling: undefined });
  });

  test('restarts one shard after a change of the template', () => {
    const template = { spec: { containers: [{ name: 'redis', image: 'redis:8' }] } };
    const changed = resource({ storage: { size: '1Gi' }, template });
    const plan = planShards(emptyWorld(changed, { statefulSets: sets(), shardPods: pods() }));
    expect(plan.rollout).toMatchObject({ apply: [0], waiting: [1, 2], outdated: [0, 1, 2] });
  });

  test('keeps what a claim template can never change, also after a remap', () => {
    const remapped = resource({ storage: { size: '1Gi' }, shards: 4, sharding: { onRemap: 'Remap' } });
    const plan = planShards(emptyWorld(remapped, { statefulSets: sets(), shardPods: pods() }));
    const annotation = (index: number) =>
      plan.wanted.get(index)?.spec.volumeClaimTemplates?.[0]?.metadata.annotations?.['motif.dev/sharding-fingerprint'];
    expect(annotation(0)).toBe(fingerprint);
    expect(annotation(3)).toBe(plan.fingerprint);
    expect(plan.fingerprint).not.toBe(fingerprint);
    expect(plan.rollout.outdated).toEqual([]);
  });

  test('sees data of another placement under a new resource, not under its own', () => {
    const claims = new Map([[0, [claim('v1-other')]]]);
    expect(planShards(emptyWorld(of, { claims })).sharding.kind).toBe('Mismatch');
    expect(planShards(emptyWorld(of, { claims, statefulSets: sets(), shardPods: pods() })).sharding.kind).toBe(
      'Matches',
    );
  });

  test('sees orphaned StatefulSets of another placement', () => {
    const orphan: StatefulSet = live(of, wanted(0));
    delete orphan.metadata.ownerReferences;
    const other = resource({ storage: { size: '1Gi' }, shards: 5 });
    expect(planShards(emptyWorld(other, { statefulSets: new Map([[0, orphan]]) })).sharding.kind).toBe('Mismatch');
    expect(planShards(emptyWorld(of, { statefulSets: new Map([[0, orphan]]) })).sharding.kind).toBe('Matches');
  });

  test('lets go of claims before it replaces a StatefulSet', () => {
    const grown = resource({ storage: { size: '2Gi' }, claimRetention: { whenDeleted: 'Delete' } });
    const tied = claim(fingerprint, '2Gi');
    tied.metadata.ownerReferences = [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'cart-0', uid: 'uid-cart-0' }];
    const plan = planShards(
      emptyWorld(grown, { statefulSets: sets(), shardPods: pods(), claims: new Map([[0, [tied]]]) }),
    );
    expect(plan.volumes).toMatchObject({ untie: [0], replace: undefined });
    expect(plan.wanted.get(0)?.spec.persistentVolumeClaimRetentionPolicy?.whenDeleted).toBe('Retain');
  });

  test('applies everything at once while suspended', () => {
    const template = { spec: { containers: [{ name: 'redis', image: 'redis:8' }] } };
    const suspended = resource({ storage: { size: '1Gi' }, suspend: true, template });
    const plan = planShards(emptyWorld(suspended, { statefulSets: sets(), shardPods: pods() }));
    expect(plan.rollout.apply).toEqual([0, 1, 2]);
    expect(plan.wanted.get(2)?.spec.replicas).toBe(0);
  });
});
