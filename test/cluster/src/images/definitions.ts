import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { versions } from '../base/versions.ts';
import { run } from '../host/run.ts';
import { pauseImage } from '../parts/node.ts';
import type { Programs } from '../parts/spec.ts';
import type { Distribution } from '../prepare/facts.ts';
import type { ImageConfig } from './archive.ts';
import { fileLayer, type Layer, packageLayer } from './layers.ts';

/** An image that is put together from layers. The first tag is the one that this code uses. */
export interface ImageDefinition {
  readonly tags: readonly [string, ...string[]];
  readonly layers: readonly Layer[];
  readonly config: ImageConfig;
}

export const corednsImage = `motif.local/coredns:${versions.coredns}`;
export const metricsServerImage = `motif.local/metrics-server:${versions.metricsServer}`;
/** Stands in for a distroless Node: the same paths, user and entrypoint as gcr.io/distroless/nodejs24-debian12:nonroot. */
export const baseImage = 'motif.local/base:24';
/** For clients in tests: redis-cli, redis-benchmark, Node.js, a shell; its first process waits and collects orphans. */
export const toolsImage = 'motif.local/tools:1';
/** The name that examples use (`redis:7`), so that they run unchanged. */
export const redisImage = 'docker.io/library/redis:7';

const shell = ['base-files', 'libc6', 'libc-bin', 'dash', 'coreutils', 'grep', 'sed'];
const redisPackages = [...shell, 'redis-server', 'redis-tools'];
const basePackages = ['base-files', 'libc6', 'libstdc++6', 'libgcc-s1', 'ca-certificates', 'tzdata'];

/** The users of an image, as distroless images and the public redis image number them. */
const users = (extra = '') =>
  [
    'cd "$1"',
    'printf "root:x:0:0:root:/root:/sbin/nologin\\n' +
      `${extra && `redis:x:999:999::/data:/bin/sh\\n`}` +
      'nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\\n" > etc/passwd',
    `printf "root:x:0:\\n${extra && 'redis:x:999:\\n'}nobody:x:65534:\\nnonroot:x:65532:\\n" > etc/group`,
    'printf "hosts: files dns\\npasswd: files\\ngroup: files\\n" > etc/nsswitch.conf',
    'mkdir -p home/nonroot tmp && chown 65532:65532 home/nonroot && chmod 1777 tmp',
  ].join(' && ');

const redisSetUp = `${users('redis')} && mkdir -p data && chown 999:999 data && rm -rf etc/redis var/lib/redis var/log/redis`;

/** The program of Node.js without its symbols: 127 MB become 109. */
async function stripNode(tree: string): Promise<void> {
  await run('strip', [join(tree, 'nodejs', 'bin', 'node')]);
}

function nodeLayer(programs: Programs): Layer {
  const files = [{ from: programs.node, to: '/nodejs/bin/node', mode: 0o755 }];
  return fileLayer('node', [['version', process.version]], files, stripNode);
}

function programLayer(name: string, path: string): Layer {
  return fileLayer(name, [['program', path]], [{ from: path, to: `/${name}`, mode: 0o755 }]);
}

function program(tag: string, path: string, name: string): ImageDefinition {
  return { tags: [tag], layers: [programLayer(name, path)], config: { Entrypoint: [`/${name}`], User: '65532:65532' } };
}

export function baseDefinition(programs: Programs, from: Distribution): ImageDefinition {
  return {
    tags: [baseImage],
    layers: [packageLayer('base', from, basePackages, users()), nodeLayer(programs)],
    config: {
      Entrypoint: ['/nodejs/bin/node'],
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/nodejs/bin'],
      User: '65532',
      WorkingDir: '/home/nonroot',
    },
  };
}

/** @param from the distribution from whose packages the application images are made. */
export function clusterDefinitions(programs: Programs, from: Distribution): ImageDefinition[] {
  const script = join(import.meta.dirname, 'redis', 'docker-entrypoint.sh');
  const redis = packageLayer('redis', from, redisPackages, redisSetUp);
  const entrypoint = fileLayer(
    'redis-entrypoint',
    [['script', readFileSync(script)]],
    [{ from: script, to: '/usr/local/bin/docker-entrypoint.sh', mode: 0o755 }],
  );
  const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  return [
    program(pauseImage, programs.pause, 'pause'),
    program(corednsImage, programs.coredns, 'coredns'),
    program(metricsServerImage, programs.metricsServer, 'metrics-server'),
    {
      tags: [redisImage],
      layers: [redis, entrypoint],
      config: {
        Entrypoint: ['docker-entrypoint.sh'],
        Cmd: ['redis-server'],
        Env: [path],
        WorkingDir: '/data',
        ExposedPorts: { '6379/tcp': {} },
      },
    },
    {
      tags: [toolsImage],
      layers: [redis, nodeLayer(programs)],
      config: { Cmd: ['sleep', 'infinity'], Env: [`${path}:/nodejs/bin`], User: '65532', WorkingDir: '/home/nonroot' },
    },
  ];
}
