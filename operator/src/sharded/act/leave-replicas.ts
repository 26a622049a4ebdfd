import { resources } from '@motif/kube';
import type { StatefulSet } from '../kinds.ts';
import type { Actor } from './actor.ts';

/** Holds the number of replicas from when we let go of it until its autoscaler first changes it. */
const HOLDER = 'motif-replicas';

/**
 * Lets go of a StatefulSet's number of replicas without changing it. A field that only we own is reset to its default (1) when we no longer
 * apply it; so another manager of that name holds it beside us first, with the value that it has. An autoscaler's own write then takes it from
 * that one. Where the number has changed meanwhile the API server says conflict, and the next pass does it again.
 */
export async function leaveReplicas(actor: Actor, live: StatefulSet | undefined): Promise<void> {
  if (live === undefined || !ownsReplicas(live)) return;
  const { name, namespace, uid } = live.metadata;
  const body = {
    apiVersion: live.apiVersion,
    kind: live.kind,
    // With the uid nothing is made where the StatefulSet is gone.
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...(uid === undefined ? {} : { uid }) },
    spec: { replicas: live.spec.replicas },
  };
  const options = { fieldManager: HOLDER, force: false, signal: actor.signal };
  actor.tools.ownWrites.record(await actor.client.apply(resources.statefulSets, body, options));
  actor.logger.info('Left the number of replicas to the autoscaler', { name, replicas: live.spec.replicas });
}

function ownsReplicas({ metadata }: StatefulSet): boolean {
  return (metadata.managedFields ?? []).some(({ manager, operation, subresource, fieldsV1 }) => {
    const fields = fieldsV1 as { 'f:spec'?: Record<string, unknown> } | undefined;
    const ours = manager === 'motif' && operation === 'Apply' && subresource === undefined;
    return ours && fields?.['f:spec']?.['f:replicas'] !== undefined;
  });
}
