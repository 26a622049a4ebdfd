import { ApiError } from '../error.ts';
import type { Locator } from './locator.ts';

/** The setting that hashes whole keys. */
export const NO_HASH_TAG = 'None';

/**
 * Where the part of the key `bytes[start, end)` that is hashed begins: after the first `open` when a `close` follows it with
 * something between them, else `start`. As Redis Cluster does it for `{}`: the first `open` and the next `close` decide, and
 * an empty tag means the whole key.
 */
export function hashTagStart(bytes: Uint8Array, start: number, end: number, open: number, close: number): number {
  const opened = indexOfByte(bytes, open, start, end);
  if (opened === -1) return start;
  const closed = indexOfByte(bytes, close, opened + 1, end);
  return closed === -1 || closed === opened + 1 ? start : opened + 1;
}

/**
 * The end of the hashed part, given what `hashTagStart` said: the next `close` when there is a tag, else `end`.
 */
export function hashTagEnd(bytes: Uint8Array, start: number, end: number, tagStart: number, close: number): number {
  return tagStart === start ? end : indexOfByte(bytes, close, tagStart, end);
}

/** A loop, because `Uint8Array.indexOf` cannot be told where to stop: behind a short key may lie megabytes of pipeline. */
function indexOfByte(bytes: Uint8Array, byte: number, start: number, end: number): number {
  for (let i = start; i < end; i++) if (bytes[i] === byte) return i;
  return -1;
}

/**
 * A locator that hashes only what lies between the two characters of `hashTag` (`{}` for instance), or the whole key for
 * `None`.
 * @throws ApiError `InvalidHashTag` when it is neither two ASCII characters nor `None`
 */
export function withHashTag(locator: Locator, hashTag: string): Locator {
  if (hashTag === NO_HASH_TAG) return locator;
  if (!/^[\x21-\x7e]{2}$/.test(hashTag)) {
    const message = `hashTag: found ${JSON.stringify(hashTag)}, allowed are two printable ASCII characters or ${NO_HASH_TAG}`;
    throw new ApiError('InvalidHashTag', message);
  }
  return new TaggedLocator(locator, hashTag.charCodeAt(0), hashTag.charCodeAt(1));
}

class TaggedLocator implements Locator {
  readonly size: number;
  readonly #inner: Locator;
  readonly #open: number;
  readonly #close: number;

  constructor(inner: Locator, open: number, close: number) {
    this.size = inner.size;
    this.#inner = inner;
    this.#open = open;
    this.#close = close;
  }

  pick(bytes: Uint8Array, start: number, end: number): number {
    const from = hashTagStart(bytes, start, end, this.#open, this.#close);
    return this.#inner.pick(bytes, from, hashTagEnd(bytes, start, end, from, this.#close));
  }

  pickExcept(bytes: Uint8Array, start: number, end: number, excluded: Uint8Array): number {
    const from = hashTagStart(bytes, start, end, this.#open, this.#close);
    return this.#inner.pickExcept(bytes, from, hashTagEnd(bytes, start, end, from, this.#close), excluded);
  }

  rank(bytes: Uint8Array, start: number, end: number): number[] {
    const from = hashTagStart(bytes, start, end, this.#open, this.#close);
    return this.#inner.rank(bytes, from, hashTagEnd(bytes, start, end, from, this.#close));
  }
}
