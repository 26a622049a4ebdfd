import { expect, test } from 'vitest';

import { isOurs, missingPackages, packages, places, policyText } from './packages.ts';

test('nothing is missing where every file is somewhere', () => {
  expect(missingPackages(() => true)).toEqual([]);
  expect(missingPackages(() => false)).toEqual(packages.map(([name]) => name));
});

test('a program counts wherever a distribution puts it', () => {
  const there = new Set(['/sbin/iptables']);
  expect(missingPackages((file) => there.has(file))).not.toContain('iptables');
  expect(places('/usr/lib/cni/bridge')).toEqual(['/usr/lib/cni/bridge']);
});

test('a policy of the machine’s owner stays, one that an interruption of ours left goes', () => {
  expect(isOurs(undefined)).toBe(true);
  expect(isOurs(policyText)).toBe(true);
  expect(isOurs('#!/bin/sh\nexit 101\n')).toBe(false);
});
