import { expect, it, test } from 'vitest';
import { fuzzResp, summary } from './fuzz-resp.ts';
import { readReplies, readRequests } from './resp-reference.ts';

it('finds nothing in a few hundred rounds', () => {
  let rounds = 0;
  const figures = fuzzResp(20_261_121, () => rounds++ >= 250);
  expect(figures.disagreements).toEqual([]);
  expect(figures.requests).toBeGreaterThan(500);
  expect(figures.replies).toBeGreaterThan(400);
  expect(summary(1, figures)).toMatch(
    /^fuzz-resp: 1 seconds, \d+ requests, \d+ replies, 500 mutated, 0 disagreements$/,
  );
});

test('the reference reads requests', () => {
  expect(readRequests('*2\r\n$1\r\na\r\n$0\r\n\r\nGET b\n*0\r\n*1\r\n$1\r\n')).toEqual({
    frames: [['a', ''], 'GET b\n'],
    end: 'more',
  });
  expect(readRequests('*1\r\n:1\r\n')).toEqual({ frames: [], end: 'wrong' });
  expect(readRequests('*01\r\n').end).toBe('wrong');
  expect(readRequests('*1\r\n$1\r\nab\r\n').end).toBe('wrong');
});

test('the reference reads replies', () => {
  const attribute = '|1\r\n+a\r\n:1\r\n%1\r\n+k\r\n*2\r\n$-1\r\n_\r\n';
  expect(readReplies(`${attribute}+OK\r\n$2\r\na`)).toEqual({
    frames: [
      { bytes: attribute, type: '%' },
      { bytes: '+OK\r\n', type: '+' },
    ],
    end: 'more',
  });
  expect(readReplies('+a\n').end).toBe('wrong');
  expect(readReplies('$?\r\n').end).toBe('wrong');
});
