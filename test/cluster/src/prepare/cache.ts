import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** A short name for a set of build inputs: equal inputs, equal keys; names and contents cannot run into each other. */
export function inputsKey(inputs: readonly (readonly [name: string, content: string | Buffer])[]): string {
  const hash = createHash('sha256');
  for (const [name, content] of inputs) {
    hash.update(`${name.length}:${name}${Buffer.byteLength(content)}:`);
    hash.update(content);
  }
  return hash.digest('hex').slice(0, 12);
}

export async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** The files below a folder with their contents, in an order that is the same everywhere. */
export function filesBelow(folder: string): [string, Buffer][] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => [path.slice(folder.length + 1), readFileSync(path)]);
}

/**
 * A file that is made once and checked each time: beside it lies its SHA-256, written before the file gets its name. What an
 * interruption leaves behind has another name, so that a half-made file is never taken for a whole one.
 * @param make writes the file at the path it is given.
 * @returns the path, and whether it was made now.
 */
export async function cachedFile(
  file: string,
  make: (temporary: string) => Promise<void>,
): Promise<{ path: string; made: boolean }> {
  if (await intact(file)) return { path: file, made: false };
  mkdirSync(dirname(file), { recursive: true });
  const temporary = join(dirname(file), `.${process.pid}-${basename(file)}.partial`);
  try {
    await make(temporary);
    writeFileSync(`${file}.sha256`, `${await sha256(temporary)}\n`);
    renameSync(temporary, file);
    verified.delete(file);
  } finally {
    rmSync(temporary, { force: true, recursive: true });
  }
  return { path: file, made: true };
}

const verified = new Map<string, Promise<boolean>>();

/** Whether the file is there as it was made; its content is read once in the life of this process. */
export function intact(file: string): Promise<boolean> {
  const known = verified.get(file);
  if (known && existsSync(file)) return known;
  const answer = matchesRecord(file);
  verified.set(file, answer);
  return answer;
}

async function matchesRecord(file: string): Promise<boolean> {
  const recorded = `${file}.sha256`;
  if (!existsSync(file) || !existsSync(recorded)) return false;
  return readFileSync(recorded, 'utf8').trim() === (await sha256(file));
}
