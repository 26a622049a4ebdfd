import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { run } from '../host/run.ts';
import { sha256 } from '../prepare/cache.ts';

/** What a container of the image runs with: the `config` of an OCI image configuration, as far as it is used here. */
export interface ImageConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly ExposedPorts?: Readonly<Record<string, object>>;
}

export const imageArchitecture: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** The OCI image configuration (image-spec, config.md) over layers with these digests of their uncompressed content. */
export function imageConfig(config: ImageConfig, architecture: string, digests: readonly string[]): string {
  return JSON.stringify({
    architecture,
    os: 'linux',
    config,
    rootfs: { type: 'layers', diff_ids: digests.map((digest) => `sha256:${digest}`) },
  });
}

/**
 * Writes an image in the format of `docker save` out of layers that are tar files already. Nothing is unpacked, so that an image takes
 * no longer than copying it; programs that are one static file and trees that mmdebstrap writes need no build tool.
 */
export async function writeArchive(
  file: string,
  tags: readonly string[],
  config: ImageConfig,
  layers: readonly string[],
): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  const work = mkdtempSync(join(dirname(file), '.archive-'));
  try {
    const digests: string[] = [];
    for (const layer of layers) {
      const digest = await sha256(layer);
      digests.push(digest);
      linkSync(layer, join(work, `${digest}.tar`));
    }
    const text = imageConfig(config, imageArchitecture[process.arch] ?? process.arch, digests);
    const name = `${createHash('sha256').update(text).digest('hex')}.json`;
    writeFileSync(join(work, name), text);
    const manifest = [{ Config: name, RepoTags: tags, Layers: digests.map((digest) => `${digest}.tar`) }];
    writeFileSync(join(work, 'manifest.json'), JSON.stringify(manifest));
    await run('tar', [
      '--create',
      '--file',
      file,
      '--directory',
      work,
      'manifest.json',
      name,
      ...digests.map((d) => `${d}.tar`),
    ]);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
