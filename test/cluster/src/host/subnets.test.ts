import fc from 'fast-check';
import { expect, test } from 'vitest';

import { nodeAddress, overlaps, parseUsed, pickSubnet, podRange, subnetAt } from './subnets.ts';

test('addresses of one network', () => {
  expect(subnetAt(0)).toEqual({ cidr: '198.18.0.0/24', host: '198.18.0.1', control: '198.18.0.10' });
  expect(subnetAt(511).cidr).toBe('198.19.255.0/24');
  expect([nodeAddress(subnetAt(257), 1), nodeAddress(subnetAt(257), 2)]).toEqual(['198.19.1.11', '198.19.1.12']);
  expect(podRange(2)).toBe('10.244.2.0/24');
});

test.each([
  ['198.18.0.0/24', '198.18.0.9/32', true],
  ['198.18.0.0/24', '198.18.1.0/24', false],
  ['198.18.0.0/15', '198.19.255.0/24', true],
  ['198.18.0.0/24', '0.0.0.0/0', true],
  ['128.0.0.0/1', '198.18.0.0/24', true],
  ['10.0.0.0/8', '198.18.0.0/24', false],
])('%s and %s overlap: %s', (a, b, expected) => {
  expect([overlaps(a, b), overlaps(b, a)]).toEqual([expected, expected]);
});

test('reads networks and single addresses from ip, but no default route', () => {
  const routes = 'default via 172.16.0.1 dev eth0\n198.18.7.0/24 dev x proto kernel scope link src 198.18.7.1';
  expect(parseUsed(routes, '1: lo    inet 127.0.0.1/8 scope host lo')).toEqual([
    '172.16.0.1',
    '198.18.7.0/24',
    '198.18.7.1',
    '127.0.0.1/8',
  ]);
});

test('the network that is picked overlaps nothing that is used', () => {
  const index = fc.integer({ min: 0, max: 511 });
  fc.assert(
    fc.property(fc.array(index, { maxLength: 300 }), fc.stringMatching(/^[0-9a-f]{8}$/), (taken, key) => {
      const used = taken.map((entry) => subnetAt(entry).cidr);
      expect(used.some((other) => overlaps(other, pickSubnet(key, used).cidr))).toBe(false);
    }),
  );
});

test('says so when no network is free', () => {
  expect(() => pickSubnet('00000000', ['198.18.0.0/15'])).toThrow(/every network of 198.18.0.0\/15 is in use/);
});
