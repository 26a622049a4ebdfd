import { expect, test } from 'vitest';
import { LARGE_SLAB_BYTES, SLAB_BYTES } from '../../io/slabs.ts';
import { Kept } from './kept.ts';

test.each([0, 1, SLAB_BYTES - 10, SLAB_BYTES, LARGE_SLAB_BYTES, 3 * LARGE_SLAB_BYTES])(
  'head and %d bytes of body come back as they were, however they came',
  (size) => {
    const kept = new Kept();
    const head = Buffer.from('..GET / HTTP/1.1\r\n\r\n..');
    kept.start(head, 2, head.length - 2);
    const body = Buffer.from(Array.from({ length: size }, (_, i) => i & 255));
    for (let at = 0; at < size; at += 4096) kept.append(body, at, Math.min(size, at + 4096));
    expect(kept.buffer.toString('latin1', 0, kept.headLength)).toBe('GET / HTTP/1.1\r\n\r\n');
    expect(kept.buffer.subarray(kept.headLength, kept.length).equals(body)).toBe(true);
    expect(kept.complete).toBe(true);
  },
);

test('what was dropped is gone and cannot be taken for something', () => {
  const kept = new Kept();
  kept.start(Buffer.from('abc'), 0, 3);
  kept.drop();
  expect([kept.complete, kept.length, kept.buffer.length]).toEqual([false, 0, 0]);
  const [one, other] = [new Kept(), new Kept()];
  one.start(Buffer.from('one'), 0, 3);
  kept.drop();
  other.start(Buffer.from('other'), 0, 5);
  expect(one.buffer.toString('latin1', 0, 3)).toBe('one');
});
