/**
 * Which shard a key belongs to: `rendezvous/v1`, as docs/reference/rendezvous-v1.md publishes it, for shards of equal weight. It is
 * written out here because an application needs no library of Motif's: any language does it in thirty lines.
 */

/** MurmurHash3's finaliser (Austin Appleby, public domain): a bijection on 32-bit words. */
function fmix32(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const scramble = (block: number): number => {
  const k = Math.imul(block, 0xcc9e2d51);
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
};

/** MurmurHash3_x86_32 with seed 0. */
function murmur3(bytes: Buffer): number {
  const whole = bytes.length & ~3;
  let h = 0;
  for (let i = 0; i < whole; i += 4) {
    h ^= scramble(bytes.readInt32LE(i));
    h = Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64;
  }
  if (whole < bytes.length) h ^= scramble(bytes.readUIntLE(whole, bytes.length - whole));
  return fmix32(h ^ bytes.length);
}

/** A key's bytes: of several parts each has its length before it (4 bytes, big-endian), so that `ab` + `c` is not `a` + `bc`. */
function keyBytes(parts: readonly string[]): Buffer {
  const raw = parts.map((part) => Buffer.from(part, 'latin1'));
  if (raw.length === 1) return raw[0] as Buffer;
  return Buffer.concat(
    raw.flatMap((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      return [length, part];
    }),
  );
}

/**
 * Says for a key's parts the index of the shard that owns it.
 * @param service the resource's name: its shards are `<service>-0`, `<service>-1`, …
 * @param shards how many there are
 */
export function createOwnership(service: string, shards: number): (...parts: readonly string[]) => number {
  const seeds = Array.from({ length: shards }, (_, index) => murmur3(Buffer.from(`${service}-${index}`)));
  return (...parts) => {
    const key = murmur3(keyBytes(parts));
    const scores = seeds.map((seed) => fmix32(key ^ seed) >>> 0);
    return scores.indexOf(Math.max(...scores));
  };
}
