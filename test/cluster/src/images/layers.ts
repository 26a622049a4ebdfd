import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { run } from '../host/run.ts';
import { cachedFile, inputsKey } from '../prepare/cache.ts';
import type { Distribution } from '../prepare/facts.ts';

/** One layer of an image: a tar file, made once for each content of `inputs`. */
export interface Layer {
  readonly name: string;
  readonly inputs: readonly (readonly [name: string, content: string | Buffer])[];
  /** Writes the tar file at the given path. */
  readonly make: (tar: string) => Promise<void>;
}

export function layerPath(cache: string, layer: Layer): string {
  return join(cache, 'layers', `${layer.name}-${inputsKey(layer.inputs)}.tar`);
}

export async function makeLayer(cache: string, layer: Layer): Promise<string> {
  return (await cachedFile(layerPath(cache, layer), layer.make)).path;
}

/**
 * A tree of packages of the machine's own distribution. It is only unpacked, not configured: `setUp` is a shell script that does what
 * these packages' own scripts would have done, its `$1` the tree.
 */
export function packageLayer(
  name: string,
  { suite, components }: Distribution,
  packages: readonly string[],
  setUp: string,
): Layer {
  return {
    name,
    inputs: [
      ['suite', `${suite} ${components}`],
      ['packages', packages.join(' ')],
      ['setUp', setUp],
      ['hooks', `extract ${trim}`],
    ],
    make: async (tar) => {
      const hooks = [setUp, trim].map((script) => `--extract-hook=${script}`);
      const options = [
        '--variant=extract',
        '--format=tar',
        `--include=${packages.join(',')}`,
        '--skip=output/dev',
        `--components=${components}`,
      ];
      await run('mmdebstrap', [...options, ...hooks, suite, tar], { env: { SOURCE_DATE_EPOCH: '0', TZ: 'UTC' } });
    },
  };
}

/** Documentation, translations, Perl and units of systemd: two thirds of such a tree, and nothing that a container needs. */
const trim = [
  'cd "$1"',
  'rm -rf usr/share/man usr/share/doc usr/share/locale usr/share/lintian usr/share/bash-completion usr/share/info',
  'rm -rf usr/share/perl usr/share/perl5 usr/lib/*/perl usr/lib/*/perl-base usr/lib/*/libperl* usr/bin/perl* usr/share/debconf usr/share/dpkg',
  'rm -rf lib/systemd usr/lib/systemd/system etc/init.d',
].join(' && ');

export interface FileEntry {
  readonly from: string;
  /** Absolute path in the image. */
  readonly to: string;
  readonly mode: number;
}

/** A layer of single files, owned by root. */
export function fileLayer(
  name: string,
  inputs: Layer['inputs'],
  files: readonly FileEntry[],
  after?: AfterCopy,
): Layer {
  return {
    name,
    inputs: [...inputs, ['files', JSON.stringify(files.map(({ to, mode }) => [to, mode]))]],
    make: async (tar) => {
      const tree = mkdtempSync(`${tar}-tree-`);
      try {
        chmodSync(tree, 0o755);
        for (const file of files) {
          const target = join(tree, file.to);
          mkdirSync(dirname(target), { recursive: true });
          copyFileSync(file.from, target);
          chmodSync(target, file.mode);
        }
        await after?.(tree);
        await run('tar', [
          ...['--create', '--file', tar, '--directory', tree, '--sort=name', '--mtime=@0', '--numeric-owner'],
          ...['--owner=0', '--group=0', '.'],
        ]);
      } finally {
        rmSync(tree, { recursive: true, force: true });
      }
    },
  };
}

export type AfterCopy = (tree: string) => Promise<void>;
