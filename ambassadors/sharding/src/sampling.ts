/** Which requests something looks at: none, all, or one in so many. */
export const SAMPLING_PATTERN = /^(off|all|1\/[1-9][0-9]{0,6})$/;

export const SAMPLING_FORM = 'off, all, or 1/N with N from 1 to 9999999';

/** One in how many; 0 for none. @param text matches `SAMPLING_PATTERN` */
export function sampledEvery(text: string): number {
  if (text === 'off') return 0;
  return text === 'all' ? 1 : Number(text.slice(2));
}
