import { serializeTopology, TOPOLOGY_KEY, type Topology } from '@motif/api/topology';
import type { KubeObject } from '@motif/kube';
import type { ConfigMap } from '../kinds.ts';
import { ANNOTATION, recommendedLabels, serviceLabels, topologyName } from '../names.ts';
import type { ShardedService } from '../resource.ts';

/** Times are RFC 3339. */
export interface TopologyNotes {
  /** When its epoch became current. */
  readonly since: string;
  /** Shards that it is without and that are still there, and notes of shards that get fewer replicas. */
  readonly leaving: readonly string[];
  /** Since when it is without the last of them. */
  readonly leavingSince: string;
}

/** The ConfigMap that carries the topology. */
export function topologyConfigMap(
  resource: ShardedService,
  topology: Topology,
  { since, leaving, leavingSince }: TopologyNotes,
): KubeObject & ConfigMap & { data: Record<string, string> } {
  const { name, namespace } = resource.metadata;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: topologyName(name),
      namespace,
      labels: { ...recommendedLabels(resource, 'topology'), ...serviceLabels(name) },
      annotations: {
        [ANNOTATION.epochSince]: since,
        ...(leaving.length === 0
          ? {}
          : { [ANNOTATION.leaving]: leaving.join(','), [ANNOTATION.leavingSince]: leavingSince }),
      },
    },
    data: { [TOPOLOGY_KEY]: serializeTopology(topology) },
  };
}
