/**
 * `rendezvous/v1` once more, slowly: BigInt arithmetic straight from the definition, sharing no code with the fast path.
 * The published vectors and the checked-in table come from here, so that the fast path is tested against something else
 * than itself. Not for traffic.
 */
const MASK = 0xffffffffn;
const TWO_32 = 1n << 32n;

function rotateLeft(word: bigint, bits: bigint): bigint {
  return ((word << bits) | (word >> (32n - bits))) & MASK;
}

export function referenceFmix32(word: bigint): bigint {
  let h = word;
  h ^= h >> 16n;
  h = (h * 0x85ebca6bn) & MASK;
  h ^= h >> 13n;
  h = (h * 0xc2b2ae35n) & MASK;
  h ^= h >> 16n;
  return h;
}

export function referenceMurmur3(bytes: Uint8Array, seed: bigint): bigint {
  let h = seed;
  for (let at = 0; at < bytes.length; at += 4) {
    const chunk = bytes.subarray(at, at + 4);
    let k = chunk.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    k = (k * 0xcc9e2d51n) & MASK;
    k = rotateLeft(k, 15n);
    k = (k * 0x1b873593n) & MASK;
    h ^= k;
    if (chunk.length === 4) h = (rotateLeft(h, 13n) * 5n + 0xe6546b64n) & MASK;
  }
  return referenceFmix32(h ^ BigInt(bytes.length));
}

const PRECISION = 256n;

/**
 * round(2³²·log2(1 + j/4096)), bit by bit: squaring a number of [1, 2) doubles its logarithm, and where the square reaches 2
 * the next bit is 1. 256 bits of working precision leave no doubt about the 33rd.
 */
export function referenceLog2Entry(j: number): bigint {
  if (j === 4096) return TWO_32;
  let y = (1n << PRECISION) + (BigInt(j) << (PRECISION - 12n));
  let bits = 0n;
  const fractionBits = 64;
  for (let i = 0; i < fractionBits; i++) {
    y = (y * y) >> PRECISION;
    bits <<= 1n;
    if (y >> (PRECISION + 1n) !== 0n) {
      bits |= 1n;
      y >>= 1n;
    }
  }
  return (bits + (1n << 31n)) >> 32n;
}

/** L(x) of the definition, in 2⁻³² fixed point. */
export function referenceNegativeLog2(x: bigint): bigint {
  const u = x + 1n;
  if (u === TWO_32) return 0n;
  let e = 0n;
  while (1n << (e + 1n) <= u) e++;
  const f = (u - (1n << e)) << (32n - e);
  const j = Number(f >> 20n);
  const r = f & 0xfffffn;
  const low = referenceLog2Entry(j);
  const high = referenceLog2Entry(j + 1);
  return 32n * TWO_32 - (e * TWO_32 + low + (((high - low) * r) >> 20n));
}

/** The shards' indices in the order in which they would own the key. */
export function referenceRank(
  shards: readonly { readonly hashName: string; readonly weight: number }[],
  key: Uint8Array,
): number[] {
  const k = referenceMurmur3(key, 0n);
  const scored = shards.map(({ hashName, weight }, index) => {
    const x = referenceFmix32(k ^ referenceMurmur3(new TextEncoder().encode(hashName), 0n));
    return { index, x, distance: referenceNegativeLog2(x), weight: BigInt(weight) };
  });
  scored.sort((a, b) => {
    const difference = a.distance * b.weight - b.distance * a.weight;
    return difference === 0n ? (a.x > b.x ? -1 : 1) : difference < 0n ? -1 : 1;
  });
  return scored.map(({ index }) => index);
}
