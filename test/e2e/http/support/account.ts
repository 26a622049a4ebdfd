export type Kind = 'get' | 'post' | 'keyed';

/** What `count-load.mjs` says of everything it asked for. */
export interface Account {
  readonly sent: number;
  /** Whole and right answers: 200, with the request's own id. */
  readonly ok: Readonly<Record<Kind, number>>;
  readonly slowestMs: number;
  /** Everything else, by the request. */
  readonly failures: readonly Failure[];
  /** Bytes behind an answer: answers that nobody asked for. */
  readonly extra: readonly string[];
  /** Good answers by the pod that gave them. */
  readonly instances: Readonly<Record<string, number>>;
}

export interface Failure {
  readonly id: string;
  readonly kind: Kind;
  /** `lost: …`, `not sent: …`, `wrong: …`, or the status with our error code. */
  readonly text: string;
  readonly at: string;
}

/** What an account and what the pods wrote down come to together. */
export interface Verdict {
  readonly sent: number;
  readonly answered: number;
  readonly slowestMs: number;
  readonly failures: readonly Failure[];
  /** Requests without any answer: the connection closed or time ran out. */
  readonly lost: readonly string[];
  /** Answers too many, and answers to somebody else's request. */
  readonly strange: readonly string[];
  /** Answered well, and yet nobody did it. */
  readonly notDone: readonly string[];
  /** A POST without `Idempotency-Key` that was done more than once. */
  readonly doneTwice: readonly string[];
  /** GETs and keyed POSTs that were done more than once, which is allowed: retries. */
  readonly repeated: number;
}

const KINDS: readonly Kind[] = ['get', 'post', 'keyed'];

/**
 * Compares what a client was told with what was done.
 * @param done how often each id was done, over all pods
 */
export function judge(load: string, account: Account, done: ReadonlyMap<string, number>): Verdict {
  const failedIds = new Set(account.failures.map(({ id }) => id));
  const all = Array.from({ length: account.sent }, (_, n) => ({ id: `${load}.${n}`, kind: KINDS[n % KINDS.length] }));
  const times = (id: string) => done.get(id) ?? 0;
  return {
    sent: account.sent,
    answered: account.ok.get + account.ok.post + account.ok.keyed,
    failures: account.failures,
    slowestMs: account.slowestMs,
    lost: account.failures.filter(({ text }) => text.startsWith('lost')).map(({ id }) => id),
    strange: [
      ...account.extra,
      ...account.failures.filter(({ text }) => text.startsWith('wrong')).map(({ text }) => text),
    ],
    notDone: all.filter(({ id }) => !failedIds.has(id) && times(id) === 0).map(({ id }) => id),
    doneTwice: all.filter(({ id, kind }) => kind === 'post' && times(id) > 1).map(({ id }) => id),
    repeated: all.filter(({ id, kind }) => kind !== 'post' && times(id) > 1).length,
  };
}

/** How often each id stands in the files of the pods. */
export function countDone(files: readonly string[]): Map<string, number> {
  const done = new Map<string, number>();
  for (const id of files.flatMap((text) => text.split('\n')).filter(Boolean)) done.set(id, (done.get(id) ?? 0) + 1);
  return done;
}

/** A change of the resource, from its beginning until every proxy worked by it (ms since the epoch). */
export interface Change {
  readonly what: string;
  readonly from: number;
  readonly to: number;
  /** The topology's epoch at its end. */
  readonly epoch: number;
}

/** The figures for people: each change, and each way with its failures by the change that was under way. */
export function tell(changes: readonly Change[], found: Readonly<Record<string, Verdict>>): string {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const total = (changes.at(-1)?.to ?? 0) - (changes[0]?.from ?? 0);
  const steps = changes.map(
    ({ what, from, to, epoch }, i) => `${i + 1} ${what} ${seconds(to - from)} (epoch ${epoch})`,
  );
  const during = (at: string) => {
    const index = changes.findIndex(({ from, to }) => Date.parse(at) >= from && Date.parse(at) <= to);
    return index < 0 ? 'apart from changes' : `${index + 1} ${changes[index]?.what}`;
  };
  const ways = Object.entries(found).flatMap(
    ([load, { sent, answered, lost, strange, doneTwice, repeated, slowestMs, failures }]) => {
      const counts = new Map<string, number>();
      for (const { at, kind, text } of failures) {
        const line = `  ${during(at)}, ${kind}: ${text}`;
        counts.set(line, (counts.get(line) ?? 0) + 1);
      }
      return [
        `${load}: ${answered} of ${sent} answered, slowest ${slowestMs} ms; lost ${lost.length}, strange ${strange.length}, POSTs done twice ${doneTwice.length}, retried ${repeated}`,
        ...[...counts].map(([line, count]) => `${line}: ${count}`),
      ];
    },
  );
  return [`${changes.length} changes in ${seconds(total)}: ${steps.join(', ')}`, ...ways].join('\n');
}
