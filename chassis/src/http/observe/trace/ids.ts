import type { Random } from '@motif/kit';

/** Each byte in hex. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** `words` times 32 random bits in hex, never all zero: a zero id means none (W3C Trace Context §3.2.2). */
function randomHex(random: Random, words: number): string {
  let text = '';
  for (let i = 0; i < words; i++) {
    const drawn = (random() * 2 ** 32) >>> 0;
    const word = i === words - 1 && drawn === 0 ? 1 : drawn;
    text += hexOf(word >>> 16) + hexOf(word & 0xffff);
  }
  return text;
}

/** 16 bits in hex. */
function hexOf(bits: number): string {
  return (HEX[bits >>> 8] as string) + (HEX[bits & 255] as string);
}

/** A new trace id: 32 hex digits. Ids tell traces apart, they protect nothing: `random` need not be fit for secrets. */
export function newTraceId(random: Random): string {
  return randomHex(random, 4);
}

/** A new span id: 16 hex digits. */
export function newSpanId(random: Random): string {
  return randomHex(random, 2);
}
