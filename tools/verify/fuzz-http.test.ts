import { expect, it, test } from 'vitest';
import { Fuzzer, readCorpus, summary } from './fuzz-http.ts';
import { check, compare } from './http/check.ts';

it('finds nothing in the inputs that were kept and in a few hundred more', () => {
  const fuzzer = new Fuzzer(20_261_121);
  const corpus = readCorpus();
  expect(corpus.length).toBeGreaterThan(100);
  for (const seed of corpus) fuzzer.try(seed);
  for (let i = 0; i < 800; i++) fuzzer.try(fuzzer.next());
  expect(fuzzer.figures.disagreements).toEqual([]);
  expect(fuzzer.figures.kinds).toBeGreaterThan(100);
  expect(summary(1, fuzzer.figures)).toMatch(
    /^fuzz-http: 1 seconds, \d+ inputs, \d+ messages, \d+ kinds, 0 blocks, 0 disagreements$/,
  );
});

const message = { start: 'GET', target: '/', fields: [], body: '', whole: true, forwarded: '', traits: '' };
const seen = (end: 'all' | 'more' | 'refused' | 'stopped', ...bodies: string[]) => ({
  messages: bodies.map((body) => ({ ...message, body })),
  end,
  why: end === 'refused' ? 'HPE_X' : '',
});

test.each([
  [seen('all', 'a'), seen('all', 'a'), undefined],
  [seen('all', 'a'), seen('all', 'b'), 'message 0 is not the same'],
  [seen('all', 'a', 'b'), seen('refused', 'a'), 'only we take message 1 (refused HPE_X)'],
  [seen('all', 'a', 'b'), seen('more', 'a'), 'only we take message 1 (more )'],
  [seen('refused', 'a'), seen('all', 'a', 'b'), undefined],
  [seen('more', 'a'), seen('all', 'a', 'b'), 'only the other takes message 1 (more here)'],
  [seen('all', 'a', 'b'), seen('stopped', 'a'), undefined],
])('%# what counts as a disagreement', (ours, theirs, expected) => {
  expect(compare(ours, theirs)).toBe(expected);
});

test('a reader that is wrong is found out', () => {
  const bytes = Buffer.from('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc');
  const { complaints } = check(bytes, { kind: 'responses', method: 'GET' }, [[3]], true);
  expect(complaints).toEqual([]);
  const requests = check(bytes, { kind: 'requests' }, [[3, 20]], true);
  expect(requests.complaints).toEqual([]);
  expect(requests.kind).not.toBe(check(bytes.subarray(0, 40), { kind: 'requests' }, [], true).kind);
});
