import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

/** What nobody has used for so long is of an older state of the sources, */
const keepMs = 14 * 24 * 3600 * 1000;
/** and so is what this many newer ones of its name were used after. */
const keepNewest = 4;

/** Notes that a cached file is in use. */
export function touch(file: string, nowMs: number): void {
  utimesSync(file, nowMs / 1000, nowMs / 1000);
}

/**
 * Removes images and layers that are of an older state of the sources. Programs stay: they take minutes to build and change with a version only.
 * @returns the names of the files that were removed.
 */
export function prune(cache: string, nowMs: number): string[] {
  return ['images', 'layers'].flatMap((folder) => pruneFolder(join(cache, folder), nowMs));
}

function pruneFolder(folder: string, nowMs: number): string[] {
  const files = list(folder)
    .filter((name) => name.endsWith('.tar') && !name.startsWith('.'))
    .map((name) => ({ name, usedMs: statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? nowMs }))
    .sort((a, b) => b.usedMs - a.usedMs);
  const seen = new Map<string, number>();
  const old = files.filter(({ name, usedMs }) => {
    const kind = name.replace(/-[0-9a-f]{12}\.tar$/, '');
    const newer = seen.get(kind) ?? 0;
    seen.set(kind, newer + 1);
    return newer >= keepNewest || nowMs - usedMs > keepMs;
  });
  for (const { name } of old) {
    rmSync(join(folder, name), { force: true });
    rmSync(join(folder, `${name}.sha256`), { force: true });
  }
  return old.map(({ name }) => name);
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // nothing has been made yet
  }
}
