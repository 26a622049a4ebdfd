import { expect, test } from 'vitest';

import { planStorage, type StorageWorld, volumeFor, volumeName } from './plan.ts';

const provisioner = 'motif.local/volumes';
const classes = [
  { metadata: { name: 'standard' }, provisioner, allowVolumeExpansion: true, reclaimPolicy: 'Delete' },
  { metadata: { name: 'fixed' }, provisioner, allowVolumeExpansion: false, reclaimPolicy: 'Retain' },
  { metadata: { name: 'other' }, provisioner: 'example.com/disk', allowVolumeExpansion: true },
];

function claim(spec: object = {}, rest: { node?: string; phase?: string; capacity?: string; deleted?: boolean } = {}) {
  const annotations = rest.node ? { 'volume.kubernetes.io/selected-node': rest.node } : {};
  return {
    metadata: {
      name: 'data',
      namespace: 'shop',
      uid: 'u1',
      annotations,
      ...(rest.deleted ? { deletionTimestamp: 'now' } : {}),
    },
    spec: {
      storageClassName: 'standard',
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
      ...spec,
    },
    status: { phase: rest.phase ?? 'Pending', ...(rest.capacity ? { capacity: { storage: rest.capacity } } : {}) },
  };
}

function volume(spec: object = {}, phase = 'Bound', by = provisioner) {
  return {
    metadata: { name: 'pvc-u1', annotations: { 'pv.kubernetes.io/provisioned-by': by } },
    spec: { capacity: { storage: '1Gi' }, persistentVolumeReclaimPolicy: 'Delete', local: { path: '/v' }, ...spec },
    status: { phase },
  };
}

const plan = (world: Partial<StorageWorld>) => planStorage({ claims: [], volumes: [], classes, ...world });
const bound = (storage: string, capacity: string, storageClassName = 'standard') =>
  claim({ volumeName: 'pvc-u1', storageClassName, resources: { requests: { storage } } }, { phase: 'Bound', capacity });

test('a claim gets its volume once the scheduler has chosen a node, and only one', () => {
  expect(plan({ claims: [claim()] })).toEqual([]);
  const chosen = claim({}, { node: 'node-2' });
  expect(plan({ claims: [chosen] })).toEqual([
    { do: 'provision', claim: chosen, node: 'node-2', reclaimPolicy: 'Delete' },
  ]);
  expect(plan({ claims: [chosen], volumes: [volume()] })).toEqual([]);
});

test('claims of other classes and claims that go are left alone', () => {
  expect(plan({ claims: [claim({ storageClassName: 'other' }, { node: 'node-1' })] })).toEqual([]);
  expect(plan({ claims: [claim({}, { node: 'node-1', deleted: true })] })).toEqual([]);
});

test('growing takes the volume first, then the claim, then nothing', () => {
  const volumeSmall = volume();
  const volumeLarge = volume({ capacity: { storage: '2Gi' } });
  const wants = bound('2Gi', '1Gi');
  expect(plan({ claims: [wants], volumes: [volumeSmall] })).toEqual([
    { do: 'growVolume', volume: volumeSmall, size: '2Gi' },
  ]);
  expect(plan({ claims: [wants], volumes: [volumeLarge] })).toEqual([{ do: 'growClaim', claim: wants, size: '2Gi' }]);
  expect(plan({ claims: [bound('2Gi', '2Gi')], volumes: [volumeLarge] })).toEqual([]);
  expect(plan({ claims: [bound('2048Mi', '2Gi')], volumes: [volumeLarge] })).toEqual([]);
});

test('a class that cannot grow does not', () => {
  expect(plan({ claims: [bound('2Gi', '1Gi', 'fixed')], volumes: [volume()] })).toEqual([]);
});

test('a released volume of ours goes unless it is to be kept', () => {
  const released = volume({}, 'Released');
  expect(plan({ volumes: [released] })).toEqual([{ do: 'release', volume: released }]);
  expect(plan({ volumes: [volume({ persistentVolumeReclaimPolicy: 'Retain' }, 'Released')] })).toEqual([]);
  expect(plan({ volumes: [volume({}, 'Released', 'example.com/disk')] })).toEqual([]);
  expect(plan({ volumes: [volume({}, 'Bound')] })).toEqual([]);
});

test('a volume belongs to its claim and its node', () => {
  const made = volumeFor(claim(), 'node-2', '/state/v', 'Retain');
  expect(volumeName(claim())).toBe('pvc-u1');
  expect(made).toMatchObject({
    metadata: { name: 'pvc-u1' },
    spec: {
      claimRef: { namespace: 'shop', name: 'data', uid: 'u1' },
      local: { path: '/state/v' },
      persistentVolumeReclaimPolicy: 'Retain',
      capacity: { storage: '1Gi' },
    },
  });
  expect(JSON.stringify(made)).toContain('"values":["node-2"]');
});
