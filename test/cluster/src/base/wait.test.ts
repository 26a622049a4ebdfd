import { expect, test } from 'vitest';

import { waitFor } from './wait.ts';

test('gives what the probe gives in the end', async () => {
  let asked = 0;
  expect(await waitFor('it', () => (++asked < 3 ? undefined : asked), { timeoutMs: 5000, everyMs: 1 })).toBe(3);
});

test('takes zero and the empty string for answers', async () => {
  expect(await waitFor('it', () => 0, { timeoutMs: 0 })).toBe(0);
  expect(await waitFor('it', () => '', { timeoutMs: 0 })).toBe('');
});

test('says what it waited for and what was last seen', async () => {
  const waiting = waitFor('the door', () => false, { timeoutMs: 1, everyMs: 1, seen: () => 'closed' });
  await expect(waiting).rejects.toThrow('the door: not after 0 s (closed)');
});

test('a probe that throws ends the waiting', async () => {
  const waiting = waitFor('it', () => Promise.reject(new Error('broken')), { timeoutMs: 60_000 });
  await expect(waiting).rejects.toThrow('broken');
});
