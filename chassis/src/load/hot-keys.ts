import { type Clock, Gauge, type Random, type Registry, type TimerHandle } from '@motif/kit';
import { KEY_BYTES, SpaceSaving } from './space-saving.ts';

export interface HotKeysOptions {
  /** One request in so many is looked at; 1: all. */
  readonly every: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly registry: Registry;
}

/** One of the keys that are asked for most. */
export interface HotKey {
  /** From 1, the hottest. */
  readonly rank: number;
  /** As text: bytes beyond ASCII as `\xff`, several parts with ` + ` between them. */
  readonly key: string;
  /** The text is the beginning of the key only. */
  readonly cut?: true;
  readonly shard: string;
  readonly requestsPerSecond: number;
  /** How much too high the rate may be. */
  readonly errorPerSecond: number;
  /** Its part of all requests, 0 to 1. */
  readonly share: number;
}

/** What `/hotkeys` shows. */
export interface HotKeysReport {
  /** One request in so many was looked at. */
  readonly sampledOneIn: number;
  /** Over about this many seconds; older requests count ever less. */
  readonly windowSeconds: number;
  readonly requestsPerSecond: number;
  readonly keys: readonly HotKey[];
}

/** Keys that are held; any key with more than 1/256 of the requests is among them. */
const CAPACITY = 256;
const SHOWN = 20;
const IN_METRIC = 10;
const TICK_MS = 1000;
/** What was counted this long ago counts half: the list follows the traffic within a minute or two. */
const HALF_LIFE_S = 30;
const FACTOR = 0.5 ** (TICK_MS / 1000 / HALF_LIFE_S);

/**
 * The keys that are asked for most, out of a sample of the requests. Keys may be people's names: they are shown on the admin port only;
 * the metric has ranks and shards.
 */
export class HotKeys {
  readonly #options: HotKeysOptions;
  readonly #sketch = new SpaceSaving(CAPACITY);
  /** Names of shards; a shard's tag is its index. */
  readonly #shards: string[] = [];
  /** Requests until the next that is looked at. */
  #skip = 0;
  /** Seconds that the counts stand for, decayed as they are. */
  #seconds = 0;
  #lastTick: number;
  #timer: TimerHandle;

  constructor(options: HotKeysOptions) {
    this.#options = options;
    this.#lastTick = options.clock.monotonic();
    this.#timer = options.clock.setTimeout(() => this.#tick(), TICK_MS);
    const keys = (limit: number): HotKey[] => this.#top(limit);
    new Gauge({
      name: 'motif_hot_key_requests_per_second',
      help: 'Requests for the keys asked for most, by rank; /hotkeys on the admin port names them.',
      labelNames: ['rank', 'shard'],
      registers: [options.registry],
      collect() {
        this.reset();
        for (const { rank, shard, requestsPerSecond } of keys(IN_METRIC)) this.set({ rank, shard }, requestsPerSecond);
      },
    });
  }

  /** What to say to `offer` for this shard. */
  tagOf(shard: string): number {
    const known = this.#shards.indexOf(shard);
    return known === -1 ? this.#shards.push(shard) - 1 : known;
  }

  /** A request for the key `bytes[start, end)` goes to the shard with this tag. A decrement for most requests. */
  offer(bytes: Buffer, start: number, end: number, tag: number): void {
    if (--this.#skip >= 0) return;
    const { every, random } = this.#options;
    // Evenly from 0 to 2·(every − 1), on average every − 1: no pattern of requests can keep in step with it.
    this.#skip = Math.floor(random() * (2 * every - 1));
    this.#sketch.offer(bytes, start, end, every, tag);
  }

  report(): HotKeysReport {
    const seconds = this.#elapsed();
    return {
      sampledOneIn: this.#options.every,
      windowSeconds: rounded(seconds),
      requestsPerSecond: rounded(this.#sketch.total / seconds),
      keys: this.#top(SHOWN),
    };
  }

  close(): void {
    this.#options.clock.clearTimeout(this.#timer);
  }

  #top(limit: number): HotKey[] {
    const seconds = this.#elapsed();
    const { total } = this.#sketch;
    // A counter that was just taken over says next to nothing about its new key.
    const known = this.#sketch.top(limit).filter(({ count, error }) => count - error > 0);
    return known.map(({ key, length, tag, count, error }, index) => ({
      rank: index + 1,
      key: keyText(key, length),
      ...(length > KEY_BYTES ? { cut: true as const } : {}),
      shard: this.#shards[tag] ?? '',
      requestsPerSecond: rounded((count - error) / seconds),
      errorPerSecond: rounded(error / seconds),
      share: rounded((count - error) / total),
    }));
  }

  /** Seconds that the counts stand for; never so few that a first request would look like a storm. */
  #elapsed(): number {
    const since = (this.#options.clock.monotonic() - this.#lastTick) / 1000;
    return Math.max(this.#seconds + since, 1);
  }

  #tick(): void {
    const { clock } = this.#options;
    this.#timer = clock.setTimeout(() => this.#tick(), TICK_MS);
    const now = clock.monotonic();
    this.#sketch.decay(FACTOR);
    this.#seconds = (this.#seconds + (now - this.#lastTick) / 1000) * FACTOR;
    this.#lastTick = now;
  }
}

/** A key of several parts has each one's length before it, 4 bytes, big-endian; anything else is shown as it is. */
function keyText(key: Buffer, length: number): string {
  const parts: Buffer[] = [];
  let at = 0;
  while (at + 4 <= key.length) {
    const size = key.readUInt32BE(at);
    if (at + 4 + size > length) break;
    parts.push(key.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  const joined = parts.length > 1 && at >= key.length;
  return joined ? parts.map(printable).join(' + ') : printable(key);
}

function printable(bytes: Buffer): string {
  return Array.from(bytes, (byte) =>
    byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`,
  ).join('');
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
