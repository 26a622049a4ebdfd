import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRendezvous } from '../../../api/src/hashing/rendezvous.ts';
import { createOwnership } from './ownership.ts';

/** A key of two parts as DESIGN §3 has it, written out apart from the application's. */
function joined(parts: readonly string[]): Buffer {
  const sizes = parts.map((part) => [0, 0, part.length >>> 8, part.length & 255]);
  return Buffer.concat(parts.flatMap((part, i) => [Buffer.from(sizes[i]!), Buffer.from(part, 'latin1')]));
}

const part = fc.string({
  unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 40,
});

test('the application and the proxies agree about the owner of every key', () => {
  fc.assert(
    fc.property(part, part, fc.integer({ min: 1, max: 20 }), (tenant, sku, shards) => {
      const locator = createRendezvous(
        Array.from({ length: shards }, (_, i) => ({ hashName: `prices-${i}`, weight: 1 })),
      );
      const ownerOf = createOwnership('prices', shards);
      const [two, one] = [joined([tenant, sku]), Buffer.from(sku, 'latin1')];
      expect(ownerOf(tenant, sku)).toBe(locator.pick(two, 0, two.length));
      expect(ownerOf(sku)).toBe(locator.pick(one, 0, one.length));
    }),
    { seed: 4, numRuns: 2000 },
  );
});

test('the parts of a key are kept apart', () => {
  const ownerOf = createOwnership('prices', 256);
  const owners = new Set([ownerOf('ab', 'c'), ownerOf('a', 'bc'), ownerOf('abc')]);
  expect(owners.size).toBe(3);
});
