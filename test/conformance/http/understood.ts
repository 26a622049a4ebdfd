/** One message as somebody understood it. Everything is latin1. */
export interface Message {
  /** The method, or the status as text. */
  readonly start: string;
  /** The request-target; empty for a response. */
  readonly target: string;
  /** In their order; names in lower case, values without white space around them. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** Without chunks. */
  body: string;
  /** The body has ended. */
  whole: boolean;
  /** What is passed on; where the reader does not pass on, empty. */
  forwarded: string;
  /** How the head was understood, in short; of our own reader only. */
  readonly traits: string;
}

/**
 * What somebody made of the bytes of a connection. `end`: all bytes were understood; more are needed; the rest was refused;
 * or the connection carries no further message (it is closed, or given to another protocol).
 */
export interface Understood {
  readonly messages: readonly Message[];
  readonly end: 'all' | 'more' | 'refused' | 'stopped';
  /** Why it was refused, in the reader's own words. */
  readonly why: string;
}

/** One line for a person, and the same for what is understood alike. */
export function told({ messages, end, why }: Understood): string {
  const parts = messages.map(({ start, target, fields, body, whole }) => {
    const lines = fields.map(([name, value]) => `${name}=${value}`).join('|');
    return `${start} ${target} {${lines}} ${JSON.stringify(body)}${whole ? '' : '…'}`;
  });
  return [...parts, end === 'refused' ? `refused ${why}` : end].join(' + ');
}

/** Whether one reader understood the same twice. */
export function same(one: Understood, other: Understood): boolean {
  if (one.end !== other.end || one.why !== other.why || one.messages.length !== other.messages.length) return false;
  return one.messages.every((a, i) => {
    const b = other.messages[i] as Message;
    // How much of a message is passed on before its middle is refused depends on where the bytes were cut.
    const passed = a.forwarded === b.forwarded || (!a.whole && one.end === 'refused');
    return passed && a.body === b.body && a.whole === b.whole && a.traits === b.traits;
  });
}

/** Statuses and bodies alone: `200 "abc"`; the text of an error is left out, and `…` says that it is cut off. */
export function shortly({ messages, end }: Understood): string {
  const parts = messages.map(({ start, body, whole }) => {
    return `${start}${/^[45]/.test(start) ? '' : ` ${JSON.stringify(body)}`}${whole ? '' : '…'}`;
  });
  return [...parts, ...(end === 'refused' ? ['refused'] : [])].join(' + ') || 'nothing';
}
