import type { ClaimTemplate, StatefulSet } from '../kinds.ts';
import { ANNOTATION, CLAIM_NAME, headlessName, recommendedLabels, shardLabels, shardName } from '../names.ts';
import type { ShardedService } from '../resource.ts';
import { shardPodTemplate } from './pod-template.ts';

/** What a claim template says. It can never change: taken from the live StatefulSet where there is one. */
export interface ClaimFacts {
  readonly size: string;
  readonly fingerprint: string;
}

export interface StatefulSetFacts {
  /** Undefined: left alone, it is an autoscaler's. */
  readonly replicas: number | undefined;
  /** Of the way in which keys are placed now. */
  readonly fingerprint: string;
  /** Absent: no storage is asked for. */
  readonly claim?: ClaimFacts | undefined;
  /** Let go of the claims whatever `claimRetention` says: the StatefulSet is about to be replaced around its pods. */
  readonly keepClaims?: boolean;
}

/**
 * The StatefulSet of one shard.
 *
 * `Parallel`, so that a broken template can be mended: `OrderedReady` waits for the broken pod for ever. `whenScaled` is always
 * `Retain`, because `suspend` scales to zero; a shard that leaves is deleted, and then `whenDeleted` counts.
 * @throws TemplateError
 */
export function shardStatefulSet(
  resource: ShardedService,
  index: number,
  { replicas, fingerprint, claim, keepClaims = false }: StatefulSetFacts,
): StatefulSet {
  const { name: service, namespace } = resource.metadata;
  const labels = { ...recommendedLabels(resource, 'shard'), ...shardLabels(service, index) };
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: {
      name: shardName(service, index),
      namespace,
      labels,
      annotations: { [ANNOTATION.fingerprint]: fingerprint },
    },
    spec: {
      ...(replicas === undefined ? {} : { replicas }),
      serviceName: headlessName(service),
      podManagementPolicy: 'Parallel',
      updateStrategy: { type: 'RollingUpdate' },
      revisionHistoryLimit: 3,
      selector: { matchLabels: shardLabels(service, index) },
      persistentVolumeClaimRetentionPolicy: {
        whenDeleted: keepClaims ? 'Retain' : resource.spec.claimRetention.whenDeleted,
        whenScaled: 'Retain',
      },
      template: shardPodTemplate(resource, index),
      ...(claim === undefined ? {} : { volumeClaimTemplates: [claimTemplate(resource, index, claim)] }),
    },
  };
}

/** The same StatefulSet, whose pods of a lower ordinal than `partition` keep their template for now. */
export function withPartition(set: StatefulSet, partition: number): StatefulSet {
  if (partition === 0) return set;
  return { ...set, spec: { ...set.spec, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } } } };
}

function claimTemplate(resource: ShardedService, index: number, claim: ClaimFacts): ClaimTemplate {
  const { storageClassName } = resource.spec.storage ?? {};
  return {
    metadata: {
      name: CLAIM_NAME,
      labels: { ...recommendedLabels(resource, 'shard'), ...shardLabels(resource.metadata.name, index) },
      annotations: { [ANNOTATION.fingerprint]: claim.fingerprint },
    },
    spec: {
      accessModes: ['ReadWriteOnce'],
      ...(storageClassName === undefined ? {} : { storageClassName }),
      resources: { requests: { storage: claim.size } },
    },
  };
}
