/**
 * Log-linear cells over the numbers from 0 to 2³¹−1: each power of two is cut into 16 equal cells, so that a cell is found with a few
 * integer operations and is at most 1/16 of its value wide (the layout of HdrHistogram, http://hdrhistogram.org, with 4 bits).
 */
const BITS = 4;
const SUB = 1 << BITS;

/** How many cells there are. */
export const CELLS = (31 - BITS + 1) * SUB;

/** The cell of a whole number from 0 to 2³¹−1. */
export function cellOf(value: number): number {
  if (value < SUB) return value;
  const shift = 31 - Math.clz32(value) - BITS;
  return (shift << BITS) + (value >>> shift);
}

/** The smallest number in a cell. */
export function cellStart(cell: number): number {
  if (cell < SUB) return cell;
  const shift = (cell >>> BITS) - 1;
  return (cell - (shift << BITS)) * 2 ** shift;
}
