import type { KubeObject } from '@motif/kube';
import { headlessName, recommendedLabels, roleLabels, serviceLabels } from '../names.ts';
import type { ShardedService } from '../resource.ts';
import { shardPort } from '../spec.ts';

/** The headless Service that gives the shards' pods their DNS names, ready or not: readiness is for the data plane to judge. */
export function shardsService(resource: ShardedService): KubeObject {
  const { name, namespace } = resource.metadata;
  const { protocol } = resource.spec;
  const port = shardPort(resource);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: headlessName(name),
      namespace,
      labels: { ...recommendedLabels(resource, 'shard'), ...serviceLabels(name) },
    },
    spec: {
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: roleLabels(name, 'shard'),
      ports: [{ name: protocol, port, targetPort: port, protocol: 'TCP' }],
    },
  };
}
