import { MotifError } from '../errors.ts';

/** A text that is no duration or quantity of the form that is asked for. */
export class UnitError extends MotifError {
  constructor(message: string) {
    super('InvalidUnit', message);
  }
}

const MS_OF = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;
const UNITS = ['h', 'm', 's', 'ms'] as const;
type Unit = (typeof UNITS)[number];

const WHOLE = /^(?:[0-9]{1,5}(?:h|ms|m|s)){1,4}$/;
const PART = /([0-9]{1,5})(h|ms|m|s)/g;

/** The longest duration that can be written: 99999h59m59s999ms, in milliseconds. */
export const LONGEST_DURATION = 99_999 * MS_OF.h + 59 * MS_OF.m + 59 * MS_OF.s + 999;

/** What a duration may look like, for error messages. */
export const DURATION_FORM = 'a duration of up to four numbers with units h, m, s, ms, such as 250ms, 10s or 1h30m';

/**
 * Milliseconds of a Gateway API duration (GEP-2257): one to four numbers of one to five digits, each with a unit of h, m, s, ms; no sign,
 * fraction or blank. Units may come in any order and repeat, as the GEP allows; their values are added.
 * @throws UnitError naming the text
 */
export function parseDuration(text: string): number {
  if (!WHOLE.test(text)) throw new UnitError(`${JSON.stringify(text)} is not ${DURATION_FORM}`);
  let sum = 0;
  for (const [, digits, unit] of text.matchAll(PART)) sum += Number(digits) * MS_OF[unit as Unit];
  return sum;
}

/**
 * The shortest GEP-2257 text of a whole number of milliseconds, largest unit first: 5400000 is `1h30m`, 0 is `0s`.
 * @throws UnitError for a fraction, a negative number or one above `LONGEST_DURATION`
 */
export function formatDuration(ms: number): string {
  if (!Number.isInteger(ms) || ms < 0 || ms > LONGEST_DURATION) {
    throw new UnitError(`${ms} cannot be written as a duration: whole milliseconds from 0 to ${LONGEST_DURATION} can`);
  }
  let rest = ms;
  let text = '';
  for (const unit of UNITS) {
    const count = Math.floor(rest / MS_OF[unit]);
    rest -= count * MS_OF[unit];
    if (count > 0) text += `${count}${unit}`;
  }
  return text || '0s';
}
