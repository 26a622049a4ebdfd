import type { KubeClient, KubeObject } from '@motif/kube';
import { resources } from '@motif/kube';
import type { PodProblem } from './pod-problem.ts';

interface CoreEvent extends KubeObject {
  type?: string;
  reason?: string;
  message?: string;
  lastTimestamp?: string | null;
  eventTime?: string | null;
  count?: number;
}

/** Reasons that no status shows. Others (Unhealthy, BackOff, …) are in the pod's own state, or pass by. */
const TELLING = new Set([
  'FailedMount',
  'FailedAttachVolume',
  'FailedCreate',
  'FailedCreatePodSandBox',
  'FailedMapVolume',
]);

/** The newest warning about the object of this uid that says why it cannot run. */
export async function lastWarnings(
  client: KubeClient,
  namespace: string,
  uid: string,
  signal: AbortSignal,
): Promise<PodProblem | undefined> {
  const fieldSelector = `involvedObject.uid=${uid},type=Warning`;
  const { items } = await client.list<CoreEvent>(resources.coreEvents, {
    namespace,
    fieldSelector,
    limit: 100,
    signal,
  });
  const telling = items.filter((event) => TELLING.has(event.reason ?? '') && !isPassing(event));
  const newest = telling.toSorted((a, b) => timeOf(b) - timeOf(a))[0];
  if (newest?.reason === undefined) return undefined;
  return { reason: newest.reason, message: newest.message ?? newest.reason };
}

/** What happened once may have mended itself: the kubelet and the controllers try again within seconds, and count. */
function isPassing({ count, message }: CoreEvent): boolean {
  return (count ?? 1) < 2 || (message ?? '').includes('failed to sync');
}

function timeOf(event: CoreEvent): number {
  const text = event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? '';
  return Date.parse(text) || 0;
}
