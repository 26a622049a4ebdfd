import { LOG2_TABLE_BASE64 } from './log2-table.generated.ts';

const ENTRIES = 4096;
const TWO_32 = 2 ** 32;
const TWO_MINUS_20 = 2 ** -20;

/** T[j] = round(2³²·log2(1 + j/4096)) for j = 0…4096, as doubles: T[4096] = 2³² does not fit 32 bits. */
const TABLE: Float64Array = decodeTable();

function decodeTable(): Float64Array {
  const bytes = Uint8Array.from(atob(LOG2_TABLE_BASE64), (char) => char.charCodeAt(0));
  const words = new DataView(bytes.buffer);
  const table = new Float64Array(ENTRIES + 1);
  for (let j = 0; j < ENTRIES; j++) table[j] = words.getUint32(j * 4, true);
  table[ENTRIES] = TWO_32;
  return table;
}

/** The table's entries, for tests and other implementations. */
export function log2Table(): readonly number[] {
  return Array.from(TABLE);
}

/**
 * −log2((x + 1)/2³²) in 2⁻³² fixed point: how `rendezvous/v1` turns a hash into a distance that a weight divides.
 * From a checked-in table and integer arithmetic only, because the last digits of `Math.log2` differ between machines.
 * Never grows with x, so with equal weights the largest x is the nearest.
 * @param x an unsigned 32-bit number
 * @returns an integer from 0 (x = 2³²−1) to 137438953472 (x = 0)
 */
export function negativeLog2(x: number): number {
  if (x === 0xffffffff) return 0;
  const u = (x + 1) | 0;
  const zeros = Math.clz32(u);
  // What follows u's leading one, moved up to 32 bits; two shifts, because one by 32 would shift by nothing.
  const fraction = (u << zeros) << 1;
  const j = fraction >>> 20;
  const low = TABLE[j] as number;
  const step = ((TABLE[j + 1] as number) - low) * (fraction & 0xfffff);
  return (zeros + 1) * TWO_32 - low - Math.floor(step * TWO_MINUS_20);
}
