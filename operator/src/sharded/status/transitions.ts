import type { EventInput } from '@motif/kube';
import type { Condition } from '../resource.ts';

/** The events that tell how conditions changed: one a transition, none for a message that only got longer. */
export function transitionEvents(before: readonly Condition[], after: readonly Condition[]): EventInput[] {
  const events: EventInput[] = [];
  for (const next of after) {
    const previous = before.find(({ type }) => type === next.type);
    const event =
      previous?.status === next.status && previous.reason === next.reason ? undefined : eventOf(previous, next);
    if (event !== undefined) events.push({ ...event, action: 'Reconcile', note: next.message });
  }
  return events;
}

function eventOf(previous: Condition | undefined, next: Condition): Pick<EventInput, 'type' | 'reason'> | undefined {
  const turned = previous?.status !== next.status;
  switch (next.type) {
    case 'Degraded':
      if (next.status === 'True') return { type: 'Warning', reason: next.reason };
      return previous?.status === 'True' ? { type: 'Normal', reason: 'Recovered' } : undefined;
    case 'Ready':
      if (!turned) return undefined;
      if (next.status === 'True') return { type: 'Normal', reason: 'BecameReady' };
      return previous?.status === 'True' ? { type: 'Normal', reason: 'BecameUnready' } : undefined;
    default:
      return undefined;
  }
}
