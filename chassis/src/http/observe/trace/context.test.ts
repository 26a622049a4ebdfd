import { describe, expect, it } from 'vitest';
import { formatTraceparent, parseTraceparent, validTracestate } from './context.ts';

const id = '4bf92f3577b34da6a3ce929d0e0e4736';
const span = '00f067aa0ba902b7';

describe('traceparent', () => {
  it.each([
    [`00-${id}-${span}-00`, false, false],
    [`00-${id}-${span}-01`, true, false],
    [`00-${id}-${span}-03`, true, true],
    [`00-${id}-${span}-ff`, true, true],
    // A later version, and what it may add.
    [`cc-${id}-${span}-01`, true, false],
    [`cc-${id}-${span}-01-what-the-future-will-be-like`, true, false],
  ])('%s is read', (text, sampled, random) => {
    expect(parseTraceparent(text)).toEqual({ traceId: id, spanId: span, sampled, random });
  });

  // The cases of the specification's own test suite (w3c/trace-context, test/test.py).
  it.each([
    '',
    `ff-${id}-${span}-01`,
    `00-${id}-${span}-01-`,
    `00-${id}-${span}-01.`,
    `00-${id}-${span}-01-what`,
    `cc-${id}-${span}-01.what-the-future-will-be-like`,
    `00-${'0'.repeat(32)}-${span}-01`,
    `00-${id}-${'0'.repeat(16)}-01`,
    `00-${id.toUpperCase()}-${span}-01`,
    `00-.${id.slice(1)}-${span}-01`,
    `00-${id.slice(1)}-${span}-01`,
    `00-${id}-${span.slice(1)}-01`,
    `00-${id}-${span}-.0`,
    `00-${id}-${span}-1`,
    `0-${id}-${span}-01`,
    `00-${id}-${span}`,
    ` 00-${id}-${span}-01`,
  ])('%j is none', (text) => {
    expect(parseTraceparent(text)).toBeUndefined();
  });

  it('is written in version 00, with the flags that are known', () => {
    for (const flags of ['00', '01', '02', '03']) {
      const text = `00-${id}-${span}-${flags}`;
      expect(formatTraceparent(parseTraceparent(text)!)).toBe(text);
    }
    expect(formatTraceparent(parseTraceparent(`cc-${id}-${span}-ff-x`)!)).toBe(`00-${id}-${span}-03`);
  });
});

describe('tracestate', () => {
  it.each([
    'foo=1',
    'foo=1,bar=2',
    'foo=1 \t , \t bar=2, \t baz=3',
    'foo=1,,bar=2,',
    'foo@bar=1',
    `${'z'.repeat(256)}=1`,
    `${'t'.repeat(241)}@${'v'.repeat(14)}=1`,
    'a=!#$%&',
    Array.from({ length: 32 }, (_, i) => `k${i}=1`).join(),
  ])('%j is passed on', (text) => {
    expect(validTracestate(text)).toBe(true);
  });

  it.each([
    'foo',
    'foo=',
    'foo =1',
    'FOO=1',
    'foo=1,foo=2',
    'foo=a=b',
    '@foo=1',
    'foo@=1',
    'foo@@bar=1',
    `${'z'.repeat(257)}=1`,
    `foo=${'v'.repeat(257)}`,
    'foo=\x7f',
    '',
    ',',
    Array.from({ length: 33 }, (_, i) => `k${i}=1`).join(),
  ])('%j is not', (text) => {
    expect(validTracestate(text)).toBe(false);
  });
});
