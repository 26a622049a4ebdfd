import { parseQuantity } from '@motif/kit/units/quantity';

import { provisioner } from '../addons/storage.ts';
import type { ApiObject } from '../base/api.ts';

export interface StorageWorld {
  readonly claims: readonly ApiObject[];
  readonly volumes: readonly ApiObject[];
  readonly classes: readonly StorageClass[];
}

export interface StorageClass extends ApiObject {
  readonly provisioner?: string;
  readonly allowVolumeExpansion?: boolean;
  readonly reclaimPolicy?: string;
}

export type StorageAction =
  | { readonly do: 'provision'; readonly claim: ApiObject; readonly node: string; readonly reclaimPolicy: string }
  | { readonly do: 'release'; readonly volume: ApiObject }
  | { readonly do: 'growVolume'; readonly volume: ApiObject; readonly size: string }
  | { readonly do: 'growClaim'; readonly claim: ApiObject; readonly size: string };

const selectedNode = 'volume.kubernetes.io/selected-node';
export const provisionedBy = 'pv.kubernetes.io/provisioned-by';

/**
 * What has to be done now. The claims wait for their first pod: the scheduler's annotation says where it goes. Growing is done in two
 * steps, as an external resizer does it: the volume's capacity, then the claim's; there is no file system to grow.
 */
export function planStorage({ claims, volumes, classes }: StorageWorld): StorageAction[] {
  const ours = new Map(
    classes.filter((entry) => entry.provisioner === provisioner).map((entry) => [entry.metadata.name, entry]),
  );
  const byName = new Map(volumes.filter(isOurs).map((volume) => [volume.metadata.name, volume]));
  const forClaims = claims.flatMap((claim): StorageAction[] => {
    const storageClass = ours.get(claim.spec.storageClassName);
    if (!storageClass || claim.metadata.deletionTimestamp) return [];
    if (claim.spec.volumeName)
      return storageClass.allowVolumeExpansion ? grow(claim, byName.get(claim.spec.volumeName)) : [];
    const node = claim.metadata.annotations?.[selectedNode];
    if (!node || byName.has(volumeName(claim))) return [];
    return [{ do: 'provision', claim, node, reclaimPolicy: storageClass.reclaimPolicy ?? 'Delete' }];
  });
  const released = [...byName.values()].filter(isReleased);
  return [...forClaims, ...released.map((volume): StorageAction => ({ do: 'release', volume }))];
}

function isOurs(volume: ApiObject): boolean {
  return volume.metadata.annotations?.[provisionedBy] === provisioner;
}

function isReleased(volume: ApiObject): boolean {
  const { spec, status, metadata } = volume;
  return status?.phase === 'Released' && spec.persistentVolumeReclaimPolicy === 'Delete' && !metadata.deletionTimestamp;
}

function grow(claim: ApiObject, volume: ApiObject | undefined): StorageAction[] {
  const size = claim.spec.resources?.requests?.storage;
  if (!volume || !size || claim.status?.phase !== 'Bound') return [];
  const wanted = parseQuantity(size);
  if (wanted > parseQuantity(volume.spec.capacity.storage)) return [{ do: 'growVolume', volume, size }];
  if (wanted > parseQuantity(claim.status.capacity?.storage ?? size)) return [{ do: 'growClaim', claim, size }];
  return [];
}

export function volumeName(claim: ApiObject): string {
  return `pvc-${claim.metadata.uid}`;
}

/** A `local` volume: unlike a host path it is tied to its node, and kubelet applies the pod's `fsGroup` to it. */
export function volumeFor(claim: ApiObject, node: string, path: string, reclaimPolicy: string): object {
  const { name, namespace, uid } = claim.metadata;
  const expression = { key: 'kubernetes.io/hostname', operator: 'In', values: [node] };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: volumeName(claim), annotations: { [provisionedBy]: provisioner } },
    spec: {
      capacity: { storage: claim.spec.resources.requests.storage },
      accessModes: claim.spec.accessModes,
      storageClassName: claim.spec.storageClassName,
      persistentVolumeReclaimPolicy: reclaimPolicy,
      volumeMode: 'Filesystem',
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid },
      local: { path },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [expression] }] } },
    },
  };
}
