import {
  DEGRADED_REASONS,
  EVENT_REASONS,
  POD_REASONS,
  PROGRESSING_REASONS,
  READY_REASONS,
  type ReasonText,
} from '../conditions.ts';
import { code, generatedNote, table } from './markdown.ts';

/** The reference page of conditions. */
export function conditionsPage(): string {
  const reasons = (all: Readonly<Record<string, ReasonText>>): string =>
    `${table(
      ['reason', 'meaning', 'what helps'],
      Object.entries(all).map(([name, { meaning, remedy }]) => [code(name), meaning, remedy]),
    )}\n`;
  return [
    generatedNote('api/src/conditions.ts'),
    '# Conditions\n',
    'Each kind has three: `Ready` (does it serve), `Progressing` (is something under way) and `Degraded` (is something wrong that will not mend itself). ' +
      '`Unknown` means that the operator has not looked yet. `lastTransitionTime` moves only when the status does.\n',
    '## Ready\n',
    reasons(READY_REASONS),
    '## Progressing\n',
    reasons(PROGRESSING_REASONS),
    '## Degraded\n',
    reasons(DEGRADED_REASONS),
    "A pod that cannot run shows with the kubelet's or the scheduler's own reason; these are the frequent ones:\n",
    reasons(POD_REASONS),
    '## Events\n',
    'A transition to True of Degraded is an event of its reason (Warning); besides:\n',
    reasons(EVENT_REASONS),
  ].join('\n');
}
