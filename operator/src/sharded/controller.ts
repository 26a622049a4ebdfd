import type { KubeObject, StoreEvent } from '@motif/kube';
import { type Controller, type ControllerWatch, watchOf } from '../runtime/index.ts';
import type { Autoscaler } from './kinds.ts';
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
  children.push(watchOf({ informer: caches.autoscalers, keys: serviceOfAutoscaler }));
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

/** Autoscalers write down what they measure every quarter of a minute; only what they say of themselves matters. */
function serviceOfAutoscaler(event: StoreEvent<Autoscaler>): readonly string[] {
  if (event.type === 'updated' && !event.initial) {
    const facts = ({ metadata, status }: Autoscaler) =>
      JSON.stringify([
        metadata.generation,
        metadata.labels,
        metadata.ownerReferences,
        status?.conditions?.map(({ type, status: holds, reason }) => [type, holds, reason]),
      ]);
    if (facts(event.object) === facts(event.previous)) return [];
  }
  return serviceOf(event);
}

/** Children carry the name of their service, whoever owns them: an orphan wakes its heir. */
function serviceOf({ object }: StoreEvent): readonly string[] {
  const service = object.metadata.labels?.[LABEL.service];
  return service === undefined ? [] : [`${object.metadata.namespace}/${service}`];
}
