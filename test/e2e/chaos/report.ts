/** One second of the load, as `load.mjs` prints it. */
export interface Second {
  readonly at: number;
  /** Connections that broke. */
  readonly broken: number;
  /** Error answers by text. */
  readonly texts: Readonly<Record<string, number>>;
  readonly shards: Readonly<Record<string, ShardSecond>>;
}

export interface ShardSecond {
  readonly ok: number;
  readonly errors: number;
  /** Reads that gave something else than what was written. */
  readonly wrong: number;
  /** ms */
  readonly slowest: number;
}

/** What a stretch of the load came to. */
export interface LoadReport {
  readonly seconds: number;
  readonly broken: number;
  readonly texts: Readonly<Record<string, number>>;
  readonly shards: Readonly<Record<string, ShardSecond>>;
}

/** The lines of a pod's log that are seconds of the load; other lines are left out. */
export function parseSeconds(log: string): Second[] {
  return log.split('\n').flatMap((line) => (line.startsWith('{"at":') ? [JSON.parse(line) as Second] : []));
}

/** Adds up the seconds from `from` on (ms since the epoch) and before `to`. */
export function sumUp(seconds: readonly Second[], from = 0, to = Number.POSITIVE_INFINITY): LoadReport {
  const own = seconds.filter(({ at }) => at >= from && at < to);
  const shards: Record<string, ShardSecond> = {};
  const texts: Record<string, number> = {};
  for (const second of own) {
    for (const [text, count] of Object.entries(second.texts)) texts[text] = (texts[text] ?? 0) + count;
    for (const [name, now] of Object.entries(second.shards)) {
      const before = shards[name] ?? { ok: 0, errors: 0, wrong: 0, slowest: 0 };
      shards[name] = {
        ok: before.ok + now.ok,
        errors: before.errors + now.errors,
        wrong: before.wrong + now.wrong,
        slowest: Math.max(before.slowest, now.slowest),
      };
    }
  }
  return { seconds: own.length, broken: own.reduce((sum, { broken }) => sum + broken, 0), texts, shards };
}
