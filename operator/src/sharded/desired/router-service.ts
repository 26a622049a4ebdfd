import type { KubeObject } from '@motif/kube';
import { recommendedLabels, roleLabels, serviceLabels } from '../names.ts';
import type { ShardedService } from '../resource.ts';
import { shardPort } from '../spec.ts';

/** The Service `<name>` before the router. */
export function routerService(resource: ShardedService): KubeObject {
  const { name, namespace } = resource.metadata;
  const { protocol, router } = resource.spec;
  const shape = router?.service ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace,
      labels: { ...shape.labels, ...recommendedLabels(resource, 'router'), ...serviceLabels(name) },
      ...(shape.annotations === undefined ? {} : { annotations: shape.annotations }),
    },
    spec: {
      type: shape.type ?? 'ClusterIP',
      selector: roleLabels(name, 'router'),
      ports: [
        { name: protocol, port: shape.port ?? shardPort(resource), targetPort: protocol, protocol: 'TCP' },
        ...(shape.extraPorts ?? []).map((port) => ({ protocol: 'TCP', ...port })),
      ],
      ...(shape.externalTrafficPolicy === undefined ? {} : { externalTrafficPolicy: shape.externalTrafficPolicy }),
      ...(shape.loadBalancerClass === undefined ? {} : { loadBalancerClass: shape.loadBalancerClass }),
    },
  };
}
