import { join } from 'node:path';

import { cachedFile, inputsKey } from '../prepare/cache.ts';
import { writeArchive } from './archive.ts';
import type { ImageDefinition } from './definitions.ts';
import { layerPath, makeLayer } from './layers.ts';

/** An image as a file that containerd can load; another content is another file. */
export interface ImageArchive {
  readonly tags: readonly string[];
  readonly file: string;
}

export function archiveOf(cache: string, image: ImageDefinition): ImageArchive {
  const layers = image.layers.map((layer) => layerPath(cache, layer));
  const key = inputsKey([
    ['layers', layers.join('\n')],
    ['config', JSON.stringify([image.tags, image.config])],
  ]);
  const name = image.tags[0].replace(/[^a-z0-9.-]+/g, '_');
  return { tags: image.tags, file: join(cache, 'images', `${name}-${key}.tar`) };
}

/** Puts the image together unless it is there. */
export async function assemble(cache: string, image: ImageDefinition): Promise<ImageArchive> {
  const archive = archiveOf(cache, image);
  await cachedFile(archive.file, async (temporary) => {
    const layers: string[] = [];
    for (const layer of image.layers) layers.push(await makeLayer(cache, layer));
    await writeArchive(temporary, image.tags, image.config, layers);
  });
  return archive;
}
