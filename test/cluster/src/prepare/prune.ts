import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

/** What nobody has used for so long is of an older state of the sources. */
const keepMs = 14 * 24 * 3600 * 1000;

/** Notes that a cached file is in use. */
export function touch(file: string, nowMs: number): void {
  utimesSync(file, nowMs / 1000, nowMs / 1000);
}

/**
 * Removes images and layers that were not used for two weeks. Programs stay: they take minutes to build and change with a version only.
 * @returns the names of the files that were removed.
 */
export function prune(cache: string, nowMs: number): string[] {
  return ['images', 'layers'].flatMap((folder) => pruneFolder(join(cache, folder), nowMs));
}

function pruneFolder(folder: string, nowMs: number): string[] {
  const old = list(folder).filter(
    (name) => name.endsWith('.tar') && nowMs - statSync(join(folder, name)).mtimeMs > keepMs,
  );
  for (const name of old) {
    rmSync(join(folder, name), { force: true });
    rmSync(join(folder, `${name}.sha256`), { force: true });
  }
  return old;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // nothing has been made yet
  }
}
