import { describe, expect, test } from 'vitest';
import type { ContainerStatus, Pod } from '../kinds.ts';
import { NOW, resource, shardPod } from '../testing.ts';
import { isSilent, podProblem } from './pod-problem.ts';

const at = (ms: number) => new Date(NOW + ms).toISOString();
const unready = { type: 'Ready', status: 'False', lastTransitionTime: at(-60_000) };
const pod = (...containerStatuses: ContainerStatus[]): Pod =>
  shardPod(resource(), 0, { conditions: [unready], containerStatuses });
const container = (over: Partial<ContainerStatus>): ContainerStatus => ({
  name: 'redis',
  ready: false,
  restartCount: 0,
  image: 'redis:9',
  ...over,
});

describe('podProblem', () => {
  test('a pod that is only starting has none', () => {
    expect(podProblem(pod(container({ state: { waiting: { reason: 'ContainerCreating' } } })), NOW)).toBeUndefined();
    expect(podProblem(pod(container({ state: { running: {} } })), NOW)).toBeUndefined();
  });

  test('a bad image says the same while the kubelet tries and while it waits', () => {
    const cause = 'failed to pull and unpack image "redis:9": not found';
    const trying = pod(container({ state: { waiting: { reason: 'ErrImagePull', message: cause } } }));
    const message = `Back-off pulling image "redis:9": ErrImagePull: ${cause}`;
    const waiting = pod(container({ state: { waiting: { reason: 'ImagePullBackOff', message } } }));
    expect(podProblem(trying, NOW)).toEqual({
      reason: 'ImagePullBackOff',
      message: `container redis: image redis:9 cannot be pulled: ${cause}`,
    });
    expect(podProblem(waiting, NOW)).toEqual(podProblem(trying, NOW));
  });

  test('running out of memory is told at once, in the loop as well', () => {
    const terminated = { reason: 'OOMKilled', exitCode: 137 };
    const running = pod(container({ restartCount: 1, state: { running: {} }, lastState: { terminated } }));
    const looping = pod(
      container({ restartCount: 4, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated } }),
    );
    expect(podProblem(running, NOW)?.reason).toBe('OOMKilled');
    expect(podProblem(looping, NOW)).toEqual(podProblem(running, NOW));
  });

  test('one crash is an accident, two are a loop, and the loop says the same between two crashes', () => {
    const terminated = { reason: 'Error', exitCode: 7 };
    expect(
      podProblem(pod(container({ restartCount: 1, state: { running: {} }, lastState: { terminated } })), NOW),
    ).toBeUndefined();
    const between = podProblem(
      pod(container({ restartCount: 2, state: { running: {} }, lastState: { terminated } })),
      NOW,
    );
    const waiting = { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting failed container' };
    const backedOff = podProblem(
      pod(container({ restartCount: 5, state: { waiting }, lastState: { terminated } })),
      NOW,
    );
    expect(between).toEqual({
      reason: 'CrashLoopBackOff',
      message: 'container redis ends again and again with exit code 7',
    });
    expect(backedOff).toEqual(between);
  });

  test('no node is told after a moment, in the words of the scheduler', () => {
    const unscheduled = (since: number) =>
      shardPod(resource(), 0, {
        phase: 'Pending',
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            reason: 'Unschedulable',
            message: '0/1 nodes',
            lastTransitionTime: at(since),
          },
        ],
      });
    expect(podProblem(unscheduled(-1_000), NOW)).toBeUndefined();
    expect(podProblem(unscheduled(-6_000), NOW)).toEqual({ reason: 'Unschedulable', message: '0/1 nodes' });
  });

  test("a missing Secret is the kubelet's own message", () => {
    const waiting = { reason: 'CreateContainerConfigError', message: 'secret "absent" not found' };
    expect(podProblem(pod(container({ state: { waiting } })), NOW)).toEqual({
      reason: 'CreateContainerConfigError',
      message: 'container redis: secret "absent" not found',
    });
  });

  test('what only events say is found by uid', () => {
    const silent = pod(container({ state: { waiting: { reason: 'ContainerCreating' } } }));
    const problem = { reason: 'FailedMount', message: 'secret "absent" not found' };
    expect(podProblem(silent, NOW, (uid) => (uid === 'uid-cart-0-0' ? problem : undefined))).toEqual(problem);
    expect(isSilent(silent, NOW, 10_000)).toBe(true);
    expect(isSilent(pod(container({ state: { running: {} } })), NOW, 10_000)).toBe(false);
  });

  test('a pod that is going has none', () => {
    const going = pod(container({ state: { waiting: { reason: 'ErrImagePull' } } }));
    going.metadata.deletionTimestamp = at(0);
    expect(podProblem(going, NOW)).toBeUndefined();
  });
});
