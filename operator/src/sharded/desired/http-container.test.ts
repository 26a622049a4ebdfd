import { describe, expect, test } from 'vitest';
import type { Container } from '../kinds.ts';
import { http } from '../testing.ts';
import { shardPodTemplate } from './pod-template.ts';

const of = (container: Partial<Container> = {}, more: object = {}): Container | undefined =>
  shardPodTemplate(
    http({
      port: 3000,
      template: { spec: { containers: [{ name: 'app', image: 'shop/app:1', ...container }], ...more } },
    }),
    0,
  ).spec.containers[0];

describe('a container that takes HTTP', () => {
  test('is ready once it listens, and is never restarted by a probe of ours', () => {
    expect(of()).toMatchObject({ readinessProbe: { tcpSocket: { port: 3000 } } });
    expect(of()).not.toHaveProperty('livenessProbe');
    expect(of()).not.toHaveProperty('startupProbe');
  });

  test('ends a moment after everyone has been told, at most half of its grace period later', () => {
    const pause = (grace?: number) =>
      of({}, grace === undefined ? {} : { terminationGracePeriodSeconds: grace })?.lifecycle?.preStop;
    expect(pause()).toEqual({ sleep: { seconds: 5 } });
    expect(pause(60)).toEqual({ sleep: { seconds: 5 } });
    expect(pause(4)).toEqual({ sleep: { seconds: 2 } });
    expect(pause(1)).toBeUndefined();
    expect(pause(0)).toBeUndefined();
  });

  test('keeps what its template says of itself', () => {
    const preStop = { exec: { command: ['drain'] } };
    const readinessProbe = { httpGet: { path: '/ready', port: 3000 } };
    expect(of({ lifecycle: { preStop }, readinessProbe })).toMatchObject({ lifecycle: { preStop }, readinessProbe });
    const postStart = { exec: { command: ['warm'] } };
    expect(of({ lifecycle: { postStart } })?.lifecycle).toEqual({ postStart, preStop: { sleep: { seconds: 5 } } });
  });
});
