import { serializeTopology, TOPOLOGY_KEY, type Topology } from '@motif/api/topology';
import type { KubeObject } from '@motif/kube';
import type { ConfigMap } from '../kinds.ts';
import { ANNOTATION, recommendedLabels, serviceLabels, topologyName } from '../names.ts';
import type { ShardedService } from '../resource.ts';

/** The ConfigMap that carries the topology; `since` (RFC 3339) is when its epoch became current, `leaving` the shards to delete. */
export function topologyConfigMap(
  resource: ShardedService,
  topology: Topology,
  since: string,
  leaving: readonly string[],
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
        ...(leaving.length === 0 ? {} : { [ANNOTATION.leaving]: leaving.join(',') }),
      },
    },
    data: { [TOPOLOGY_KEY]: serializeTopology(topology) },
  };
}
