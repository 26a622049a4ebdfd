import { describe, expect, test } from 'vitest';
import type { Condition } from '../resource.ts';
import { transitionEvents } from './transitions.ts';

const condition = (type: string, status: Condition['status'], reason: string): Condition => ({
  type,
  status,
  reason,
  message: `${type} ${reason}`,
  lastTransitionTime: '2026-11-21T10:00:00Z',
});
const told = (before: Condition[], after: Condition[]) =>
  transitionEvents(before, after).map(({ type, reason, note }) => `${type} ${reason}: ${note}`);

describe('transitionEvents', () => {
  const ready = condition('Ready', 'True', 'AllShardsReady');
  const unready = condition('Ready', 'False', 'ShardsNotReady');
  const fine = condition('Degraded', 'False', 'AsExpected');
  const bad = condition('Degraded', 'True', 'ImagePullBackOff');

  test('tells when it becomes ready and when no longer', () => {
    expect(told([], [ready])).toEqual(['Normal BecameReady: Ready AllShardsReady']);
    expect(told([unready], [ready])).toHaveLength(1);
    expect(told([ready], [unready])).toEqual(['Normal BecameUnready: Ready ShardsNotReady']);
  });

  test('tells each fault once, also when another takes its place, and when it is over', () => {
    expect(told([fine], [bad])).toEqual(['Warning ImagePullBackOff: Degraded ImagePullBackOff']);
    expect(told([bad], [condition('Degraded', 'True', 'OOMKilled')])).toEqual([
      'Warning OOMKilled: Degraded OOMKilled',
    ]);
    expect(told([bad], [fine])).toEqual(['Normal Recovered: Degraded AsExpected']);
  });

  test('tells nothing at the start, and nothing of what stays', () => {
    expect(told([], [unready, fine])).toEqual([]);
    expect(told([ready, bad], [ready, { ...bad, message: 'longer' }])).toEqual([]);
    expect(told([unready], [condition('Ready', 'False', 'RouterNotReady')])).toEqual([]);
  });
});
