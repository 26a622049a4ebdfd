import { expect, test } from 'vitest';
import { type OwnAnswer, ownAnswer } from './own-answer.ts';

const REFUSED: OwnAnswer = {
  status: 503,
  code: 'ShardDown',
  message: 'cart-1 is not reachable',
  retryAfter: 2,
  keepAlive: true,
  minor: 1,
  headOnly: false,
};

test('says what, which shard, and when to come back', () => {
  expect(ownAnswer(REFUSED)).toBe(
    'HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain\r\ncontent-length: 24\r\nx-motif-error: ShardDown\r\nretry-after: 2\r\n\r\ncart-1 is not reachable\n',
  );
});

test('says whether the connection goes on, in the words of each version', () => {
  const connection = (changes: Partial<OwnAnswer>) =>
    /connection: (.*)\r/.exec(ownAnswer({ ...REFUSED, ...changes }))?.[1];
  expect(connection({})).toBeUndefined();
  expect(connection({ minor: 0 })).toBe('keep-alive');
  expect(connection({ keepAlive: false })).toBe('close');
});

test('to HEAD: the length of what is not sent', () => {
  expect(ownAnswer({ ...REFUSED, headOnly: true })).toMatch(/content-length: 24\r\n.*\r\n\r\n$/s);
});

test('what came from elsewhere makes no lines and no bytes of its own', () => {
  const answer = ownAnswer({ ...REFUSED, message: 'a\r\nset-cookie: x\0é€' });
  expect(answer.split('\r\n\r\n')[1]).toBe('a??set-cookie: x?é?\n');
  expect(answer).toContain(`content-length: ${'a??set-cookie: x?é?\n'.length}\r\n`);
});
