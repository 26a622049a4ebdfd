import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashTagEnd, hashTagStart, withHashTag } from './hash-tag.ts';
import { createRendezvous } from './rendezvous.ts';

function hashedPart(key: string, tag = '{}'): string {
  // The bytes around the key look like a tag's, so that reading past either end shows.
  const bytes = Buffer.from(`{x}${key}}{y}`);
  const [open, close] = [tag.charCodeAt(0), tag.charCodeAt(1)];
  const end = bytes.length - 4;
  const from = hashTagStart(bytes, 3, end, open, close);
  return bytes.toString('utf8', from, hashTagEnd(bytes, 3, end, from, close));
}

describe('a hash tag', () => {
  it.each([
    ['{user1000}.following', 'user1000'],
    ['a{b}c', 'b'],
    ['foo{}{bar}', 'foo{}{bar}'],
    ['foo{{bar}}zap', '{bar'],
    ['foo{bar}{zap}', 'bar'],
    ['}{a}', 'a'],
    ['foo{bar', 'foo{bar'],
    ['foo}bar{', 'foo}bar{'],
    ['{', '{'],
    ['{}', '{}'],
    ['', ''],
  ])('of %j is %j', (key, part) => {
    expect(hashedPart(key)).toBe(part);
  });

  it('may use other characters, also one for both ends', () => {
    expect(hashedPart('a<b>c', '<>')).toBe('b');
    expect(hashedPart('a#b#c', '##')).toBe('b');
  });
});

describe('withHashTag', () => {
  const plain = createRendezvous(Array.from({ length: 16 }, (_, i) => ({ hashName: `s-${i}`, weight: 1 })));

  it('puts keys of one tag on one shard, and ranks and falls back by the tag alone', () => {
    const tagged = withHashTag(plain, '{}');
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), fc.string(), (before, tag, after) => {
        fc.pre(!before.includes('{') && !tag.includes('}'));
        const key = Buffer.from(`${before}{${tag}}${after}`);
        const part = Buffer.from(tag);
        const owner = plain.pick(part, 0, part.length);
        expect(tagged.pick(key, 0, key.length)).toBe(owner);
        expect(tagged.rank(key, 0, key.length)).toEqual(plain.rank(part, 0, part.length));
        const dead = Uint8Array.from({ length: 16 }, (_, i) => (i === owner ? 1 : 0));
        expect(tagged.pickExcept(key, 0, key.length, dead)).toBe(plain.rank(part, 0, part.length)[1]);
      }),
    );
  });

  it('hashes whole keys for None', () => {
    expect(withHashTag(plain, 'None')).toBe(plain);
  });

  it.each(['', '{', '{}}', 'ä}', ' }', 'none'])('refuses %j and says what is allowed', (tag) => {
    expect(() => withHashTag(plain, tag)).toThrow(
      /hashTag: found .*allowed are two printable ASCII characters or None/,
    );
  });
});
