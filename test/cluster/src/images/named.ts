import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';

import { ClusterError } from '../base/errors.ts';
import { run } from '../host/run.ts';
import { sha256 } from '../prepare/cache.ts';
import type { Prepared } from '../prepare/machine.ts';
import type { ImageArchive } from './assemble.ts';
import { buildImage } from './build.ts';
import { normalizeImage } from './load.ts';

/**
 * The image of one of our containers, bundled and built as far as it has changed: `operator` gives `motif/operator:<version>`. `example-<name>` is the
 * application in `examples/<name>/app`, which needs no bundle.
 * @throws ClusterError `ImageMissing` naming the Dockerfile that is not there
 */
export async function motifImage(prepared: Prepared, name: string): Promise<ImageArchive> {
  const { checkout, cache } = prepared.layout;
  const example = /^example-(.+)$/.exec(name)?.[1];
  const folder = example === undefined ? join('images', name) : join('examples', example, 'app');
  const dockerfile = join(checkout, folder, 'Dockerfile');
  if (!existsSync(dockerfile)) {
    throw new ClusterError('ImageMissing', `there is no image motif/${name}: ${folder}/Dockerfile does not exist`);
  }
  if (example === undefined) await run(process.execPath, ['tools/bundle/main.ts', name], { cwd: checkout });
  const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
  const context = example === undefined ? join(checkout, 'dist', name) : join(checkout, folder);
  return buildImage(cache, prepared.base, { name: `motif/${name}:${version}`, dockerfile, context });
}

/**
 * An image by what a person types: the path of an archive (`docker save`, OCI), `motif/<name>` with or without a tag, or a name that
 * every node has anyway. @throws ClusterError `ImageMissing` naming what can be loaded.
 */
export async function namedImage(prepared: Prepared, name: string, cwd: string): Promise<ImageArchive> {
  const path = isAbsolute(name) ? name : resolve(cwd, name);
  if (existsSync(path) && name.endsWith('.tar')) return { tags: await archiveTags(path), file: path };
  const ours = /^(?:docker\.io\/)?motif\/([a-z-]+)(?::[\w.-]+)?$/.exec(name)?.[1];
  if (ours) return motifImage(prepared, ours);
  const known = prepared.archives.find(({ tags }) => tags.some((tag) => normalizeImage(tag) === normalizeImage(name)));
  if (known) return known;
  const names = prepared.archives.flatMap(({ tags }) => tags).join(', ');
  throw new ClusterError('ImageMissing', `${name} is neither an archive (*.tar) nor motif/<name> nor one of ${names}`);
}

async function archiveTags(file: string): Promise<string[]> {
  const manifest = await run('tar', ['--extract', '--to-stdout', '--file', file, 'manifest.json']);
  const tags = (JSON.parse(manifest) as { RepoTags?: string[] }[]).flatMap((entry) => entry.RepoTags ?? []);
  if (tags.length > 0) return tags;
  throw new ClusterError('ImageMissing', `${file} (${(await sha256(file)).slice(0, 12)}) names no image in it`);
}
