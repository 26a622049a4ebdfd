import type { KubeObject, StoreEvent } from '@motif/kube';
import { type Controller, type ControllerWatch, watchOf } from '../runtime/index.ts';
import { LABEL } from './names.ts';
import { Reconciler, type ReconcilerOptions } from './reconcile.ts';

/** The control loop of ShardedService: which changes wake which resource. */
export function shardedServiceController(options: ReconcilerOptions, workers: number): Controller {
  const { caches, ownWrites } = options;
  const reconciler = new Reconciler(options);
  const children: ControllerWatch[] = [
    caches.statefulSets,
    caches.deployments,
    caches.services,
    caches.configMaps,
    caches.budgets,
    caches.pods,
    caches.claims,
  ].map((informer) => watchOf({ informer: informer as ControllerWatch['informer'], keys: serviceOf }));
  // Somebody else deleted it: our own last write of it is no knowledge any more.
  for (const { informer } of children) {
    informer.subscribe((event) => {
      if (event.type === 'deleted') ownWrites.forget(event.object);
    });
  }
  return {
    name: 'shardedservice',
    watches: [watchOf({ informer: caches.shardedServices, keys: keyOfResource }), ...children],
    reconcile: (key, context) => reconciler.reconcile(key, context),
    workers,
  };
}

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`;

/** A write of our own status alone changes nothing that a pass would look at. */
function keyOfResource(event: StoreEvent): readonly string[] {
  if (event.type !== 'updated' || event.initial) return [keyOf(event.object)];
  const { object, previous } = event;
  const same =
    object.metadata.generation === previous.metadata.generation &&
    object.metadata.deletionTimestamp === previous.metadata.deletionTimestamp &&
    JSON.stringify(object.metadata.annotations) === JSON.stringify(previous.metadata.annotations);
  return same ? [] : [keyOf(object)];
}

/** Children carry the name of their service, whoever owns them: an orphan wakes its heir. */
function serviceOf({ object }: StoreEvent): readonly string[] {
  const service = object.metadata.labels?.[LABEL.service];
  return service === undefined ? [] : [`${object.metadata.namespace}/${service}`];
}
