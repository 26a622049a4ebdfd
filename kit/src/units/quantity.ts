import { UnitError } from './duration.ts';

const BINARY: Readonly<Record<string, number>> = {
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};
const DECIMAL: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 };
/** Divisors and not factors, since 0.001 has no exact binary form and 1000 has. */
const SMALL: Readonly<Record<string, number>> = { m: 1e3, u: 1e6, n: 1e9 };

const FORM = /^([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))(?:(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE])|[eE]([+-]?[0-9]{1,3}))?$/;

/** What a quantity may look like, for error messages. */
export const QUANTITY_FORM = 'a quantity such as 64Mi, 1Gi, 500M or 250m';

/**
 * The value of a Kubernetes quantity (`64Mi`, `1.5Gi`, `250m`, `1e3`), as a number: exact up to 2⁵³, the nearest double beyond.
 * Grammar: k8s.io/apimachinery/pkg/api/resource (suffixes Ki…Ei, n u m k M G T P E, or a decimal exponent).
 * @throws UnitError naming the text
 */
export function parseQuantity(text: string): number {
  const match = FORM.exec(text);
  if (match === null) throw new UnitError(`${JSON.stringify(text)} is not ${QUANTITY_FORM}`);
  const [, digits = '', suffix = '', exponent] = match;
  if (exponent !== undefined) return Number(`${digits}e${exponent}`);
  const divisor = SMALL[suffix];
  if (divisor !== undefined) return Number(digits) / divisor;
  return Number(digits) * (BINARY[suffix] ?? DECIMAL[suffix] ?? 1);
}

/**
 * The shortest exact text of a whole number: in binary suffixes (`64Mi`), or with `decimal` in those of ten (`64M`).
 * @throws UnitError for a fraction or a number beyond 2⁵³
 */
export function formatQuantity(value: number, style: 'binary' | 'decimal' = 'binary'): string {
  if (!Number.isSafeInteger(value)) {
    throw new UnitError(`${value} cannot be written as a quantity: whole numbers up to 2^53 can`);
  }
  const suffixes = Object.entries(style === 'binary' ? BINARY : DECIMAL).reverse();
  for (const [suffix, factor] of suffixes) {
    if (value !== 0 && value % factor === 0) return `${value / factor}${suffix}`;
  }
  return String(value);
}
