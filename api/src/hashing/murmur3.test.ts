import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fmix32, murmur3_x86_32 } from './murmur3.ts';
import { referenceFmix32, referenceMurmur3 } from './reference.ts';

/** Published by others: the collection at stackoverflow.com/questions/14747343, which Boost.Hash2 and Dovecot test against too. */
const PUBLISHED: readonly (readonly [bytes: readonly number[] | string, seed: number, hash: number])[] = [
  ['', 0, 0],
  ['', 1, 0x514e28b7],
  ['', 0xffffffff, 0x81f16f39],
  [[0xff, 0xff, 0xff, 0xff], 0, 0x76293b50],
  [[0x21, 0x43, 0x65, 0x87], 0, 0xf55b516b],
  [[0x21, 0x43, 0x65, 0x87], 0x5082edee, 0x2362f9de],
  [[0x21, 0x43, 0x65], 0, 0x7e4a8634],
  [[0x21, 0x43], 0, 0xa0f7b07a],
  [[0x21], 0, 0x72661cf4],
  [[0, 0, 0, 0], 0, 0x2362f9de],
  [[0, 0, 0], 0, 0x85f0b427],
  [[0, 0], 0, 0x30f4c306],
  [[0], 0, 0x514e28b7],
  ['aaaa', 0x9747b28c, 0x5a97808a],
  ['Hello, world!', 0x9747b28c, 0x24884cba],
  ['The quick brown fox jumps over the lazy dog', 0x9747b28c, 0x2fa826cd],
];

describe('murmur3_x86_32', () => {
  it.each(PUBLISHED)('gives the published hash of %j with seed %i', (input, seed, hash) => {
    const bytes = Buffer.from(input as string);
    expect(murmur3_x86_32(bytes, 0, bytes.length, seed) >>> 0).toBe(hash);
  });

  it('agrees with the reference for any bytes, seed and place in a larger buffer', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 70 }),
        fc.nat(0xffffffff),
        fc.nat(9),
        fc.nat(9),
        (key, seed, before, after) => {
          const bytes = new Uint8Array(before + key.length + after).fill(0xa5);
          bytes.set(key, before);
          const hash = murmur3_x86_32(bytes, before, before + key.length, seed) >>> 0;
          expect(BigInt(hash)).toBe(referenceMurmur3(key, BigInt(seed)));
        },
      ),
    );
  });
});

describe('fmix32', () => {
  it('agrees with the reference for any word', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), (word) => {
        expect(BigInt(fmix32(word) >>> 0)).toBe(referenceFmix32(BigInt(word)));
      }),
    );
  });
});
