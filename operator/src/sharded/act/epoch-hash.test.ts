import { describe, expect, test } from 'vitest';
import { epochHash, usedServices } from './epoch-hash.ts';

describe('the value of motif.dev/topology-epoch', () => {
  const a = { uid: 'a', epoch: 1 };
  const b = { uid: 'b', epoch: 1 };

  test('depends on what the pod uses, not on its order', () => {
    expect(epochHash([a, b])).toBe(epochHash([b, a]));
    expect(epochHash([a])).not.toBe(epochHash([a, b]));
    expect(epochHash([a])).toMatch(/^[0-9a-f]{16}$/);
  });

  test('changes with each epoch, and with the resource', () => {
    expect(new Set([a, b, { uid: 'a', epoch: 2 }, { uid: 'a', epoch: 11 }].map((one) => epochHash([one]))).size).toBe(
      4,
    );
  });

  test('finds what a pod uses in its labels', () => {
    const labels = {
      'motif.dev/uses.ssvc.stock': 'true',
      'motif.dev/uses.ssvc.cart': 'true',
      'motif.dev/uses.ssvc.no': 'false',
      app: 'x',
    };
    expect(usedServices(labels)).toEqual(['cart', 'stock']);
    expect(usedServices(undefined)).toEqual([]);
  });
});
