import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { routerDeployment } from './desired/router-deployment.ts';
import { shardStatefulSet } from './desired/statefulset.ts';
import type { ShardedService } from './resource.ts';
import { resource } from './testing.ts';

/**
 * Pod templates as release 0.1.0 makes them. An operator upgrade alone restarts no pod: a resource that stays at this
 * `dataPlaneVersion` must get these bytes from every later operator. A new release adds a folder; files of one that is out never change.
 * (Only where a file is missing it is written.)
 */
const RELEASE = '0.1.0';

const key = { secretRef: { name: 'passwords', key: 'p' } };
const CASES: Readonly<Record<string, ShardedService>> = {
  smallest: resource(),
  storage: resource({ storage: { size: '10Gi', mountPath: '/var/lib/redis', storageClassName: 'fast' } }),
  passwords: resource({ auth: { username: key, password: key }, clientAuth: [{ username: 'app', password: key }] }),
  'own-probes': resource({
    port: 7000,
    template: {
      metadata: { labels: { team: 'shop' }, annotations: { a: 'b' } },
      spec: {
        affinity: { podAntiAffinity: {} },
        containers: [
          { name: 'exporter', image: 'exporter:1' },
          {
            name: 'redis',
            image: 'redis:7',
            ports: [{ containerPort: 7000 }],
            readinessProbe: { tcpSocket: { port: 7000 } },
          },
        ],
      },
    },
  }),
  router: resource({
    router: {
      replicas: 3,
      template: {
        spec: {
          containers: [{ name: 'sharding', resources: { limits: { memory: '1Gi' } } }],
          priorityClassName: 'high',
        },
      },
    },
  }),
};

describe(`pod templates of release ${RELEASE}`, () => {
  for (const [name, of] of Object.entries(CASES)) {
    test(`${name} are what they were`, () => {
      const shard = shardStatefulSet(of, 1, { fingerprint: 'v1-x' }).spec.template;
      const router = routerDeployment(of, { registry: 'motif', version: RELEASE }).spec.template;
      const text = `${JSON.stringify({ shard, router }, undefined, 2)}\n`;
      const file = new URL(`testdata/golden-${RELEASE}/${name}.json`, import.meta.url);
      if (!existsSync(file)) writeFileSync(file, text);
      expect(text).toBe(readFileSync(file, 'utf8'));
    });
  }
});
