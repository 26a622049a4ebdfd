import { describe, expect, test } from 'vitest';
import type { PodTemplate } from '../kinds.ts';
import { resource } from '../testing.ts';
import { shardPodTemplate } from './pod-template.ts';

const redis = { name: 'redis', image: 'redis:7' };
const of = (spec: object, containers: object[], more: object = {}): PodTemplate =>
  shardPodTemplate(resource({ ...spec, template: { spec: { containers, ...more } } }), 1);

describe('shardPodTemplate', () => {
  test('passes what it does not know through, and changes nothing that the user wrote', () => {
    const container = { ...redis, futureField: { a: [1] }, livenessProbe: { exec: { command: ['x'] } } };
    const template = of({}, [container], {
      futurePodField: 'kept',
      enableServiceLinks: true,
      hostAliases: [{ ip: '1.2.3.4' }],
    });
    expect(template.spec).toMatchObject({
      futurePodField: 'kept',
      enableServiceLinks: true,
      hostAliases: [{ ip: '1.2.3.4' }],
    });
    expect(template.spec.containers[0]).toMatchObject(container);
  });

  test('adds port, probes, spread and no service links', () => {
    const template = of({}, [redis]);
    const [container] = template.spec.containers;
    expect(container?.ports).toEqual([{ name: 'redis', containerPort: 6379, protocol: 'TCP' }]);
    expect(Object.keys(container ?? {})).toEqual(
      expect.arrayContaining(['startupProbe', 'livenessProbe', 'readinessProbe']),
    );
    expect(template.spec.enableServiceLinks).toBe(false);
    expect(template.spec.topologySpreadConstraints).toMatchObject([
      { topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' },
    ]);
  });

  test('adds no spread where the user says where pods go', () => {
    expect(of({}, [redis], { topologySpreadConstraints: [] }).spec.topologySpreadConstraints).toEqual([]);
    expect(of({}, [redis], { affinity: { podAntiAffinity: {} } }).spec.topologySpreadConstraints).toBeUndefined();
  });

  test('leaves containers that take no traffic alone', () => {
    const sidecar = { name: 'exporter', image: 'exporter:1' };
    const template = of({}, [sidecar, { ...redis, ports: [{ containerPort: 6379 }] }]);
    expect(template.spec.containers[0]).toEqual(sidecar);
    expect(template.spec.containers[1]).toHaveProperty('readinessProbe');
  });

  test('mounts the storage, unless the container does so itself', () => {
    const storage = { size: '1Gi', mountPath: '/var/redis' };
    expect(of({ storage }, [redis]).spec.containers[0]?.volumeMounts).toEqual([
      { name: 'data', mountPath: '/var/redis' },
    ]);
    const own = { ...redis, volumeMounts: [{ name: 'data', mountPath: '/elsewhere' }] };
    expect(of({ storage }, [own]).spec.containers[0]?.volumeMounts).toEqual(own.volumeMounts);
    const other = { ...redis, volumeMounts: [{ name: 'tmp', mountPath: '/var/redis' }] };
    expect(() => of({ storage }, [other])).toThrow(/mounts tmp at \/var\/redis/);
  });

  test('labels for people give way to the user, labels in selectors do not', () => {
    const service = resource();
    const labels = { 'app.kubernetes.io/name': 'mine', team: 'shop' };
    const template = shardPodTemplate(
      { ...service, spec: { ...service.spec, template: { metadata: { labels }, spec: { containers: [redis] } } } },
      1,
    );
    expect(template.metadata?.labels).toMatchObject({
      ...labels,
      'motif.dev/kind': 'ShardedService',
      'motif.dev/service': 'cart',
      'motif.dev/shard': '1',
      'motif.dev/role': 'shard',
    });
  });

  test('lets the probes log in where the shards want a password', () => {
    const auth = { username: { secretRef: { name: 's', key: 'u' } }, password: { secretRef: { name: 's', key: 'p' } } };
    const [container] = of({ auth }, [redis]).spec.containers;
    expect(container?.env).toEqual([
      { name: 'MOTIF_PROBE_USER', valueFrom: { secretKeyRef: { name: 's', key: 'u' } } },
      { name: 'MOTIF_PROBE_PASSWORD', valueFrom: { secretKeyRef: { name: 's', key: 'p' } } },
    ]);
    expect(JSON.stringify(container?.readinessProbe)).toContain('--user');
    const probed = { ...redis, livenessProbe: {}, readinessProbe: {} };
    expect(of({ auth }, [probed]).spec.containers[0]?.env).toBeUndefined();
  });

  test('names the containers of which none takes the traffic', () => {
    const unclear = {
      ...resource(),
      spec: { ...resource().spec, template: { spec: { containers: [redis, { ...redis, name: 'b' }] } } },
    };
    expect(() => shardPodTemplate(unclear, 0)).toThrow(/none of the containers redis, b declares containerPort 6379/);
  });
});
