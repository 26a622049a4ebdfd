import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClusterError } from '../base/errors.ts';
import { versions } from '../base/versions.ts';
import { run } from '../host/run.ts';
import type { Programs } from '../parts/spec.ts';
import { cachedFile, filesBelow, inputsKey, intact } from './cache.ts';

export interface GoProgram {
  readonly name: string;
  readonly version: string;
  /** The module's folder below `go/`. */
  readonly module: string;
  /** The package in the module. */
  readonly package: string;
  readonly ldflags: string;
  /** Measured on two cores with nothing in Go's own caches, in seconds; the first of a module pays for what it shares. */
  readonly usualSeconds: number;
}

const strip = '-s -w';

function kubeFlags(version: string): string {
  const [major, minor] = version.split('.');
  const variable = 'k8s.io/component-base/version.git';
  return `${strip} -X ${variable}Version=v${version} -X ${variable}Major=${major} -X ${variable}Minor=${minor}`;
}

/** In the order of building: the largest first, so that preparing images can overlap with the rest. */
export const goPrograms = [
  { name: 'pause', version: '1', module: 'pause', package: '.', ldflags: strip, usualSeconds: 5 },
  {
    name: 'kube',
    version: versions.kubernetes,
    module: 'kube',
    package: '.',
    ldflags: kubeFlags(versions.kubernetes),
    usualSeconds: 400,
  },
  {
    name: 'coredns',
    version: versions.coredns,
    module: 'addons',
    package: './coredns',
    ldflags: strip,
    usualSeconds: 100,
  },
  {
    name: 'metrics-server',
    version: versions.metricsServer,
    module: 'addons',
    package: './metrics-server',
    ldflags: strip,
    usualSeconds: 60,
  },
  { name: 'helm', version: versions.helm, module: 'addons', package: './helm', ldflags: strip, usualSeconds: 60 },
] as const satisfies readonly GoProgram[];

export type GoProgramName = (typeof goPrograms)[number]['name'];

const folder = join(import.meta.dirname, '..', '..', 'go');

/** Where the built program is kept: its version and what it is built from are in the path. */
export function programPath(cache: string, program: GoProgram, goVersion: string): string {
  const key = inputsKey([['go', goVersion], ['ldflags', program.ldflags], ...filesBelow(join(folder, program.module))]);
  return join(cache, 'go', `${program.name}-${program.version}-${key}`, program.name);
}

export async function goVersion(): Promise<string> {
  return (await run('go', ['env', 'GOVERSION'])).trim();
}

/** Whether the program is there, whole. */
export async function isBuilt(cache: string, program: GoProgram, version: string): Promise<boolean> {
  return intact(programPath(cache, program, version));
}

/**
 * Builds the program unless it is there. An interrupted build goes on where it was: Go keeps each compiled package.
 * @throws ClusterError `BuildFailed` with Go's own messages.
 */
export async function buildProgram(cache: string, program: GoProgram, version: string): Promise<string> {
  const path = programPath(cache, program, version);
  try {
    const made = await cachedFile(path, async (temporary) => {
      mkdirSync(join(path, '..'), { recursive: true });
      const args = [
        'build',
        '-trimpath',
        '-buildvcs=false',
        '-ldflags',
        program.ldflags,
        '-o',
        temporary,
        program.package,
      ];
      const env = { CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly', GOWORK: 'off' };
      await run('go', args, { cwd: join(folder, program.module), env });
    });
    return made.path;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ClusterError('BuildFailed', `${program.name} ${program.version} could not be built: ${reason}`, {
      cause,
    });
  }
}

/** The paths of all programs, whether they are built or not. */
export function programPaths(cache: string, version: string, node: string): Programs {
  const path = (name: GoProgramName) => {
    const program = goPrograms.find((candidate) => candidate.name === name);
    return programPath(cache, program as GoProgram, version);
  };
  return {
    kube: path('kube'),
    pause: path('pause'),
    helm: path('helm'),
    coredns: path('coredns'),
    metricsServer: path('metrics-server'),
    node: realpathSync(node),
  };
}

function goRecord(cache: string): string {
  return join(cache, 'go', 'version');
}

/** The Go that everything here was built with: a newer one on the machine is no reason to build for minutes again. */
export function recordedGo(cache: string): string | undefined {
  try {
    return readFileSync(goRecord(cache), 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

export function recordGo(cache: string, version: string): void {
  writeFileSync(goRecord(cache), `${version}\n`);
}
