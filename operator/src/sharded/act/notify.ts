import { isNotFound, type KubeObject, resources } from '@motif/kube';
import { ANNOTATION, usesLabel } from '../names.ts';
import type { Actor } from './actor.ts';
import { type EpochOf, epochHash, usedServices } from './epoch-hash.ts';

/** Patches at the same time: enough for thousands of pods within the two seconds, little for the API server. */
const CONCURRENCY = 16;

/**
 * `first`: right after the ConfigMap was written. `second`: a moment later, for a kubelet that heard of the pod before it heard of the
 * ConfigMap (two watches, no order between them) and would look again only after a minute.
 */
export type Round = 'first' | 'second';

/** When the second round is due, in ms after the first. */
export const SECOND_ROUND_MS = 1_000;

const SECOND = '-2';

/** What is published of a service of this namespace, or undefined. */
export type EpochLookup = (service: string) => EpochOf | undefined;

/**
 * Makes the kubelets refresh the topology in every pod that mounts it: a changed annotation makes them look at once, where a
 * plain ConfigMap volume takes a minute.
 * @returns how many pods were patched
 */
export async function notifyPods(actor: Actor, lookup: EpochLookup, round: Round): Promise<number> {
  const { name, namespace } = actor.resource.metadata;
  const labelSelector = `${usesLabel(name)}=true`;
  const stale: { pod: KubeObject; value: string }[] = [];
  for await (const page of actor.client.listAll(resources.pods, { namespace, labelSelector, signal: actor.signal })) {
    for (const pod of page.items) {
      const hash = epochHash(usedServices(pod.metadata.labels).flatMap((service) => lookup(service) ?? []));
      const value = nextValue(pod.metadata.annotations?.[ANNOTATION.topologyEpoch], hash, round);
      if (value !== undefined && pod.metadata.deletionTimestamp === undefined) stale.push({ pod, value });
    }
  }
  const queue = stale.values();
  const worker = async () => {
    for (const { pod, value } of queue) await annotate(actor, pod, value);
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, stale.length) }, worker));
  return stale.length;
}

/** The annotation that a pod should get, or undefined where it has been told already, also by an operator before us. */
export function nextValue(current: string | undefined, hash: string, round: Round): string | undefined {
  if (current === `${hash}${SECOND}`) return undefined;
  if (round === 'first') return current === hash ? undefined : hash;
  return `${hash}${SECOND}`;
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
