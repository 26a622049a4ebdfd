import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRendezvous } from '../hashing/rendezvous.ts';
import { compileKey } from './key.ts';
import { requestView } from './testing.ts';
import type { KeyVectors } from './vectors.ts';

const vectors: KeyVectors = JSON.parse(readFileSync(new URL('../../vectors/keys-v1.json', import.meta.url), 'utf8'));
const locator = createRendezvous(vectors.shards);

describe('a key', () => {
  it('is published for more than sixty requests', () => {
    expect(vectors.keys.length).toBeGreaterThan(60);
  });

  it.each(vectors.keys)('of $key for $request is $bytes', ({ key, request, bytes, owner }) => {
    const found = compileKey(key).evaluate(requestView(request));
    expect(found === undefined ? null : Buffer.from(found, 'latin1').toString('hex')).toBe(bytes);
    if (found === undefined) return;
    const raw = Buffer.from(found, 'latin1');
    expect(vectors.shards[locator.pick(raw, 0, raw.length)]?.hashName).toBe(owner);
  });

  it('of several parts tells where one ends and the next begins', () => {
    const text = fc.string({
      unit: fc.integer({ min: 1, max: 255 }).map((byte) => String.fromCharCode(byte)),
      minLength: 1,
    });
    const pair = fc.tuple(text, text);
    const key = compileKey(['header:a + header:b']);
    const keyOf = ([a, b]: [string, string]): string | undefined =>
      key.evaluate({ ...requestView({}), header: (name) => (name === 'a' ? a : b) });
    fc.assert(
      fc.property(pair, pair, (one, other) => {
        const same = one[0] === other[0] && one[1] === other[1];
        expect(keyOf(one) === keyOf(other)).toBe(same);
      }),
    );
  });

  it('says what has to be at hand', () => {
    expect(compileKey(['uri']).needs).toEqual({ body: false, country: false, ip: false });
    expect(compileKey(['uri', 'host + json:a']).needs.body).toBe(true);
    expect(compileKey(['country(ip)']).needs).toEqual({ body: false, country: true, ip: true });
    expect(compileKey(['ip']).needs.ip).toBe(true);
  });

  it.each<[readonly string[], boolean]>([
    [['ip'], true],
    [['country(ip) + "x"', 'ip'], true],
    [['header:x', 'ip'], false],
    [['ip + path'], false],
  ])('knows whether %j is nothing but the peer', (key, peerOnly) => {
    expect(compileKey(key).peerOnly).toBe(peerOnly);
  });
});
