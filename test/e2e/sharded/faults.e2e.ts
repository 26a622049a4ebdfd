import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { redisTemplate, shardedService } from './support/resource.ts';
import { World } from './support/world.ts';

/** Each in another way unable to run; what `Degraded` must say within 30 s. */
const CASES = [
  {
    name: 'memory',
    reason: 'OOMKilled',
    says: /memory/,
    spec: { template: redisTemplate({ args: ['sh', '-c', 'x=a; while true; do x=$x$x$x$x; done'], memory: '16Mi' }) },
  },
  {
    name: 'crash',
    reason: 'CrashLoopBackOff',
    says: /exit code 7/,
    spec: { template: redisTemplate({ args: ['sh', '-c', 'exit 7'] }) },
  },
  {
    name: 'secret',
    reason: 'CreateContainerConfigError',
    says: /"absent" not found/,
    spec: {
      template: redisTemplate({ env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'absent', key: 'a' } } }] }),
    },
  },
  {
    name: 'claim',
    reason: 'Unschedulable',
    says: /storageclass|PersistentVolumeClaim/i,
    spec: { storage: { size: '32Mi', storageClassName: 'absent' } },
  },
  {
    name: 'volume',
    reason: 'FailedMount',
    says: /"absent" not found/,
    spec: {
      router: { replicas: 1 },
      auth: { password: { secretRef: { name: 'absent', key: 'p' } } },
      template: redisTemplate({ env: [{ name: 'MOTIF_PROBE_PASSWORD', value: 'x' }] }),
    },
  },
];

describe("a template that cannot run shows in Degraded with the pod's own reason", () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create('faults');
    await world.start();
  });
  afterAll(() => world.close());

  for (const { name, reason, says, spec } of CASES) {
    test(`${name}: ${reason}`, async () => {
      await world.apply(shardedService(name, { shards: 1, ...spec }));
      const degraded = await world.until(name, 'Degraded', 'True', reason, 60_000);
      expect(degraded.message).toMatch(says);
      const { metadata } = await world.service(name);
      const seconds = (Date.parse(degraded.lastTransitionTime) - Date.parse(metadata.creationTimestamp ?? '')) / 1000;
      expect(seconds).toBeLessThanOrEqual(30);
      await world.namespace.kubectl(['delete', `ssvc/${name}`, '--wait=false']);
    });
  }
});
