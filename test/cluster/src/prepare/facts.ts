import { existsSync, mkdirSync, readFileSync, statfsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

import { createLayout, type Layout } from '../base/layout.ts';
import { tryRun } from '../host/run.ts';
import { controlMachine, findMachine } from '../machine/machine.ts';
import type { MachineFacts } from './preflight.ts';

/** The layout of the checkout that this file belongs to, under the environment of this process. */
export function ownLayout(): Layout {
  const checkout = dirname(dirname(dirname(dirname(import.meta.dirname))));
  return createLayout({ checkout, home: homedir(), env: process.env });
}

export async function machineFacts(layout: Layout, built: boolean): Promise<MachineFacts> {
  return {
    platform: process.platform,
    arch: process.arch,
    uid: process.getuid?.() ?? -1,
    go: await goVersionIfAny(),
    hasApt: existsSync('/usr/bin/apt-get'),
    freeMemoryBytes: freeMemory(),
    freeDiskBytes: freeDisk(layout.cache),
    cache: layout.cache,
    state: layout.state,
    built,
    running: process.platform === 'linux' && findMachine(layout, controlMachine) !== undefined,
  };
}

/** `go1.26.8`, or undefined where Go cannot be started. */
export async function goVersionIfAny(): Promise<string | undefined> {
  try {
    // Elsewhere than in this repository: a go.mod that asks for a newer Go would be answered for.
    const { code, stdout } = await tryRun('go', ['env', 'GOVERSION'], { cwd: '/', env: { GOTOOLCHAIN: 'local' } });
    return code === 0 ? stdout.trim() : undefined;
  } catch {
    return undefined;
  }
}

/** What programs can still get without swapping: the kernel's own estimate, or everything where it makes none. */
function freeMemory(): number {
  if (process.platform !== 'linux') return Number.POSITIVE_INFINITY;
  const found = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'));
  return found ? Number(found[1]) * 1024 : Number.POSITIVE_INFINITY;
}

function freeDisk(folder: string): number {
  mkdirSync(folder, { recursive: true });
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** The distribution's archive areas that hold what images are made from: Ubuntu keeps redis in universe. */
export function parseComponents(osRelease: string): string {
  return /^ID(_LIKE)?=.*ubuntu/m.test(osRelease) ? 'main,universe' : 'main';
}

/** The distribution that the images' packages are taken from. */
export interface Distribution {
  /** Its code name: `bookworm`, `noble`. */
  readonly suite: string;
  readonly components: string;
}

export function distribution(): Distribution {
  const text = readFileSync(join('/etc', 'os-release'), 'utf8');
  return { suite: parseSuite(text), components: parseComponents(text) };
}

/** The code name of the distribution (`bookworm`, `noble`), from os-release(5). */
export function parseSuite(osRelease: string): string {
  const found = /^VERSION_CODENAME="?([a-z]+)"?$/m.exec(osRelease);
  return found?.[1] ?? 'stable';
}
