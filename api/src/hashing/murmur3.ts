const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

/**
 * The finaliser of MurmurHash3's 32-bit variant: a bijection on 32-bit words in which every input bit flips every output
 * bit about half of the time.
 * @returns a signed 32-bit number (`>>> 0` for the unsigned one)
 */
export function fmix32(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/**
 * MurmurHash3_x86_32 (Austin Appleby, public domain) over `bytes[start, end)`.
 * It takes a range because a `subarray` would cost more than the hash of a short key, and allocates nothing.
 * @param seed any 32-bit number
 * @returns a signed 32-bit number (`>>> 0` for the unsigned one)
 */
export function murmur3_x86_32(bytes: Uint8Array, start: number, end: number, seed: number): number {
  let h = seed | 0;
  const length = end - start;
  const blocksEnd = start + (length & ~3);
  let i = start;
  for (; i < blocksEnd; i += 4) {
    // The caller's range lies within `bytes`: each index exists, and `as number` costs nothing on this hot path.
    h ^= scramble(
      (bytes[i] as number) |
        ((bytes[i + 1] as number) << 8) |
        ((bytes[i + 2] as number) << 16) |
        ((bytes[i + 3] as number) << 24),
    );
    h = (h << 13) | (h >>> 19);
    h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  }
  const rest = length & 3;
  if (rest !== 0) {
    let k = bytes[i] as number;
    if (rest > 1) k |= (bytes[i + 1] as number) << 8;
    if (rest > 2) k |= (bytes[i + 2] as number) << 16;
    h ^= scramble(k);
  }
  return fmix32(h ^ length);
}

function scramble(word: number): number {
  const k = Math.imul(word, C1);
  return Math.imul((k << 15) | (k >>> 17), C2);
}
