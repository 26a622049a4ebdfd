import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { routerDeployment } from './desired/router-deployment.ts';
import { shardStatefulSet } from './desired/statefulset.ts';
import type { ShardedService } from './resource.ts';
import { http, resource } from './testing.ts';

/**
 * Pod templates as release 0.1.0 makes them. An operator upgrade alone restarts no pod: a resource that stays at this
 * `dataPlaneVersion` must get these bytes from every later operator. A new release adds a folder; files of one that is out never change.
 * A case that is new in a release that is not out yet is written by `MOTIF_WRITE_GOLDEN=1`, which leaves the files that are there alone; without it
 * a missing file is a failure.
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
  'http-smallest': http(),
  'http-replicas': http({
    replicas: 2,
    overrides: [{ index: 1, replicas: 3, weight: 2 }],
    storage: { size: '1Gi' },
    sharding: { algorithm: 'map', map: [{ value: 'DE', shard: 1 }] },
    router: { replicas: 1 },
  }),
  'http-own-lifecycle': http({
    port: 3000,
    template: {
      spec: {
        terminationGracePeriodSeconds: 4,
        containers: [
          {
            name: 'app',
            image: 'shop/app:1',
            lifecycle: { postStart: { exec: { command: ['x'] } } },
            readinessProbe: { httpGet: { path: '/ready', port: 3000 } },
          },
        ],
      },
    },
  }),
  'http-geo': http({ geoDatabase: { claimName: 'countries', path: 'country.mmdb' } }),
};

describe(`pod templates of release ${RELEASE}`, () => {
  for (const [name, of] of Object.entries(CASES)) {
    test(`${name} are what they were`, () => {
      const shard = shardStatefulSet(of, 1, { replicas: 1, fingerprint: 'v1-x' }).spec.template;
      const router = routerDeployment(of, { registry: 'motif', version: RELEASE }).spec.template;
      const text = `${JSON.stringify({ shard, router }, undefined, 2)}\n`;
      const file = new URL(`testdata/golden-${RELEASE}/${name}.json`, import.meta.url);
      if (process.env.MOTIF_WRITE_GOLDEN === '1') writeMissing(file, text);
      expect(text).toBe(readFileSync(file, 'utf8'));
    });
  }
});

function writeMissing(file: URL, text: string): void {
  mkdirSync(new URL('.', file), { recursive: true });
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
