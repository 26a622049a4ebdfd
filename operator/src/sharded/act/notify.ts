import { isNotFound, type KubeObject, resources } from '@motif/kube';
import { ANNOTATION, usesLabel } from '../names.ts';
import type { Actor } from './actor.ts';
import { type EpochOf, epochHash, usedServices } from './epoch-hash.ts';

/** Patches at the same time: enough for thousands of pods within the two seconds, little for the API server. */
const CONCURRENCY = 16;

/** What is published of a service of this namespace, or undefined. */
export type EpochLookup = (service: string) => EpochOf | undefined;

/**
 * Makes the kubelets refresh the topology in every pod that mounts it: a changed annotation makes them look at once, where a
 * plain ConfigMap volume takes a minute.
 * @returns how many pods were patched
 */
export async function notifyPods(actor: Actor, lookup: EpochLookup): Promise<number> {
  const { name, namespace } = actor.resource.metadata;
  const labelSelector = `${usesLabel(name)}=true`;
  const stale: { pod: KubeObject; value: string }[] = [];
  for await (const page of actor.client.listAll(resources.pods, { namespace, labelSelector, signal: actor.signal })) {
    for (const pod of page.items) {
      const value = epochHash(usedServices(pod.metadata.labels).flatMap((service) => lookup(service) ?? []));
      const done = pod.metadata.annotations?.[ANNOTATION.topologyEpoch] === value;
      const over = pod.metadata.deletionTimestamp !== undefined;
      if (!done && !over) stale.push({ pod, value });
    }
  }
  const queue = stale.values();
  const worker = async () => {
    for (const { pod, value } of queue) await annotate(actor, pod, value);
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, stale.length) }, worker));
  return stale.length;
}

async function annotate(actor: Actor, { metadata }: KubeObject, value: string): Promise<void> {
  const body = { metadata: { annotations: { [ANNOTATION.topologyEpoch]: value } } };
  const target = { namespace: metadata.namespace, name: metadata.name };
  try {
    await actor.client.patch(resources.pods, target, { type: 'merge', body }, { signal: actor.signal });
  } catch (error) {
    // Gone in between: its successor mounts what is current.
    if (!isNotFound(error)) throw error;
  }
}
