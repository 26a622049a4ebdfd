import {
  createInformer,
  type Informer,
  type InformerOptions,
  type KubeObject,
  type ResourceRef,
  resources,
} from '@motif/kube';
import { shardedServices } from '../kinds.ts';
import { KIND, LABEL } from '../names.ts';
import type { Caches } from './gather.ts';
import { unionInformer } from './union-informer.ts';

/** How informers are made: all but what they watch. */
export type InformerParts = Omit<InformerOptions<KubeObject>, 'resource' | 'namespace' | 'labelSelector' | 'labels'>;

/**
 * The caches of this pattern: the resources, and of everything else only what carries our kind.
 * @param namespaces which to watch; none: all
 */
export function createCaches(parts: InformerParts, namespaces: readonly string[]): Caches {
  const inform = <T extends KubeObject>(resource: ResourceRef, labelSelector?: string): Informer<T> => {
    const one = (namespace?: string) =>
      // The parts know nothing of the kind, so that they fit any.
      createInformer<T>({
        ...(parts as unknown as InformerOptions<T>),
        resource,
        namespace,
        labelSelector,
        labels: [LABEL.service],
      });
    return namespaces.length === 0 ? one() : unionInformer(namespaces.map((namespace) => one(namespace)));
  };
  const ours = `${LABEL.kind}=${KIND}`;
  return {
    shardedServices: inform(shardedServices),
    statefulSets: inform(resources.statefulSets, ours),
    deployments: inform(resources.deployments, ours),
    services: inform(resources.services, ours),
    configMaps: inform(resources.configMaps, ours),
    budgets: inform(resources.podDisruptionBudgets, ours),
    pods: inform(resources.pods, ours),
    claims: inform(resources.persistentVolumeClaims, ours),
    autoscalers: inform(resources.horizontalPodAutoscalers, ours),
  };
}
