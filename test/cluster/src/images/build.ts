import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { run } from '../host/run.ts';
import { withLock } from '../lifecycle/lock.ts';
import { cachedFile, filesBelow, inputsKey, intact } from '../prepare/cache.ts';
import { prune } from '../prepare/prune.ts';
import type { ImageArchive } from './assemble.ts';
import { baseImage } from './definitions.ts';

export interface BuildRequest {
  /** The image's name with its tag, as pods name it: `motif/operator:0.1.0`. */
  readonly name: string;
  /** The path of the Dockerfile. */
  readonly dockerfile: string;
  /** The folder that COPY takes from. */
  readonly context: string;
  /** Build arguments; `BASE` is the locally assembled Node image unless it is given. */
  readonly args?: Readonly<Record<string, string>>;
}

/**
 * Builds an image from an ordinary Dockerfile with buildah, in namespaces of its own so that nothing stays mounted. An unchanged Dockerfile with
 * an unchanged context over an unchanged base is not built again.
 * @param base the archive behind `motif.local/base`.
 */
export async function buildImage(cache: string, base: ImageArchive, request: BuildRequest): Promise<ImageArchive> {
  const args = { BASE: baseImage, ...request.args };
  const key = inputsKey([
    ['name', request.name],
    ['base', base.file],
    ['args', JSON.stringify(args)],
    ['dockerfile', readFileSync(request.dockerfile)],
    ...filesBelow(request.context),
  ]);
  const file = join(cache, 'images', `${request.name.replace(/[^a-z0-9.-]+/g, '_')}-${key}.tar`);
  const build = async (temporary: string) => {
    await loadBase(cache, base);
    const values = Object.entries(args).map(([name, value]) => `--build-arg=${name}=${value}`);
    const options = ['--isolation=chroot', '--pull-never', '--no-cache', '--timestamp=0', ...values];
    await buildah(cache, ['bud', ...options, '--tag', request.name, '--file', request.dockerfile, request.context]);
    await buildah(cache, ['push', request.name, `docker-archive:${temporary}:${request.name}`]);
    await buildah(cache, ['rmi', request.name]);
  };
  const buildTwice = (temporary: string) =>
    build(temporary).catch(() => {
      // its store may be what an interruption left: the second try begins with none, and its failure is the Dockerfile's
      rmSync(join(cache, 'buildah'), { recursive: true, force: true });
      return build(temporary);
    });
  // buildah's store knows an image by its name: a second build of it would take the first one's away
  if (!(await intact(file)))
    await withLock(join(cache, 'buildah.lock'), async () => void (await cachedFile(file, buildTwice)));
  prune(cache, Date.now());
  return { tags: [request.name], file };
}

/** Pulls the base into buildah's own store unless it is the one that is there. */
async function loadBase(cache: string, base: ImageArchive): Promise<void> {
  const stamp = join(cache, 'buildah', 'base');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === base.file) return;
  await buildah(cache, ['pull', `docker-archive:${base.file}`]);
  await buildah(cache, ['rmi', '--prune']); // an earlier base has lost its name by that
  writeFileSync(stamp, base.file);
}

function buildah(cache: string, args: readonly string[]): Promise<string> {
  const root = join(cache, 'buildah');
  mkdirSync(root, { recursive: true });
  const store = ['--root', join(root, 'storage'), '--runroot', join(root, 'run'), '--storage-driver', 'overlay'];
  return run('unshare', ['--mount', '--propagation', 'private', 'buildah', ...store, ...args], {
    env: { BUILDAH_ISOLATION: 'chroot' },
  });
}
