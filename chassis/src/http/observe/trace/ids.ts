import type { Random } from '@motif/kit';

/** `words` times 32 random bits in hex, never all zero: a zero id means none (W3C Trace Context §3.2.2). */
function randomHex(random: Random, words: number): string {
  let text = '';
  for (let i = 0; i < words; i++) {
    const word = (random() * 2 ** 32) >>> 0;
    text += (i === words - 1 && word === 0 ? 1 : word).toString(16).padStart(8, '0');
  }
  return text;
}

/** A new trace id: 32 hex digits. Ids tell traces apart, they protect nothing: `random` need not be fit for secrets. */
export function newTraceId(random: Random): string {
  return randomHex(random, 4);
}

/** A new span id: 16 hex digits. */
export function newSpanId(random: Random): string {
  return randomHex(random, 2);
}
