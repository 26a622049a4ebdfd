/** A source of chance: a number from 0 up to, not including, 1. */
export type Random = () => number;

/** The runtime's own; not for secrets. */
export const systemRandom: Random = () => Math.random();

/** A small seeded source for tests that must repeat themselves (mulberry32; public domain, Tommy Ettinger). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
