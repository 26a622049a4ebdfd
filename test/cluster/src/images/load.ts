import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';

import { ClusterError } from '../base/errors.ts';
import { run } from '../host/run.ts';
import { inside, type Machine } from '../machine/machine.ts';
import { containerdSocket } from '../parts/node.ts';
import type { ImageArchive } from './assemble.ts';

const ctr = ['ctr', '--address', containerdSocket, '--namespace', 'k8s.io'];
/** Says in containerd which archive an image came from, so that an unchanged one is not loaded twice. */
const label = 'motif.dev/archive';

/** Names as containerd keeps them: `redis:7` is `docker.io/library/redis:7`, `motif/operator:1` is `docker.io/motif/operator:1`. */
export function normalizeImage(name: string): string {
  const [first = '', ...rest] = name.split('/');
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const full = hasHost ? name : rest.length > 0 ? `docker.io/${name}` : `docker.io/library/${name}`;
  return /:[^/]*$/.test(full.replace(/@.*/, '')) || full.includes('@') ? full : `${full}:latest`;
}

/** The images on a node with the archive each came from (empty where that is not known). */
export async function loadedImages(node: Machine): Promise<Map<string, string>> {
  const [program = '', ...args] = [...inside(node), ...ctr, 'images', 'list'];
  const lines = (await run(program, args)).split('\n').slice(1).filter(Boolean);
  return new Map(
    lines.map((line) => {
      const name = line.split(/\s+/)[0] ?? '';
      const found = new RegExp(`${label}=([^,\\s]+)`).exec(line);
      return [name, found?.[1] ?? ''];
    }),
  );
}

/** The last part of an archive's path, short enough for a label. */
function archiveId(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

/** Loads what the node does not have yet. @returns the names of the images that were loaded. */
export async function loadImages(node: Machine, archives: readonly ImageArchive[]): Promise<string[]> {
  const present = await loadedImages(node);
  const missing = archives.filter(({ tags, file }) =>
    tags.some((tag) => present.get(normalizeImage(tag)) !== archiveId(file)),
  );
  for (const archive of missing) await loadImage(node, archive);
  return missing.flatMap(({ tags }) => tags);
}

async function loadImage(node: Machine, { file, tags }: ImageArchive): Promise<void> {
  await importArchive(node, file);
  for (const tag of tags) {
    const [program = '', ...args] = [...inside(node), ...ctr, 'images', 'label', normalizeImage(tag)];
    await run(program, [...args, `${label}=${archiveId(file)}`]);
  }
}

/** The archive goes through standard input: the node need not see its folder. */
function importArchive(node: Machine, file: string): Promise<void> {
  const [program = '', ...args] = [...inside(node), ...ctr, 'images', 'import', '-'];
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2000);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new ClusterError('CommandFailed', `${node.name} cannot load ${file}: ${said.trim()}`));
    });
    child.stdin.on('error', () => {}); // ctr's own message, which follows, says more than a broken pipe
    createReadStream(file)
      .on('error', (error) => child.stdin.destroy(error))
      .pipe(child.stdin);
  });
}
