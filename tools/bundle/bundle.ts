import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Container } from './containers.ts';
import { englishOnly, lazyHttp, scrapedOnly } from './leave-out.ts';

/** Packages that a container's code reaches only by a dynamic import on paths that it never takes; they stay out of the bundle. */
const NEVER_IN_A_CONTAINER = ['@kubernetes/client-node'];

/** What a bundle came to. */
export interface Bundle {
  readonly folder: string;
  readonly bytes: number;
}

/**
 * Bundles a container's program into one file, `dist/<name>/main.mjs`. The same sources give the same bytes, which is what keeps an image's
 * cache key stable.
 *
 * @param root the repository's root
 * @throws Error esbuild's, with the file and line of what could not be bundled
 */
export async function bundle(root: string, { name, entry }: Pick<Container, 'name' | 'entry'>): Promise<Bundle> {
  const folder = join(root, 'dist', name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'main.mjs');
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minifySyntax: true,
    minifyWhitespace: true,
    // Identifiers stay as they are: stack traces read well, and keepNames would cost a call for each closure made on a hot path.
    minifyIdentifiers: false,
    legalComments: 'none',
    external: NEVER_IN_A_CONTAINER,
    plugins: [englishOnly, scrapedOnly, lazyHttp],
    // CommonJS packages in an ESM bundle still ask for `require` of Node's own modules.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    metafile: true,
    logLevel: 'warning',
  });
  await writeFile(join(folder, 'NOTICE'), await notices(root, Object.keys(result.metafile.inputs)));
  return { folder, bytes: Object.values(result.metafile.outputs)[0]?.bytes ?? 0 };
}

/** The licence texts of the packages whose code is in the bundle, as their licences ask. */
async function notices(root: string, inputs: readonly string[]): Promise<string> {
  const packages = new Set(inputs.flatMap((input) => /^(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []));
  const parts = await Promise.all([...packages].sort().map((folder) => notice(root, folder)));
  return `Motif, Apache License 2.0.\nThis bundle contains:\n${parts.join('')}`;
}

async function notice(root: string, folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
  const texts = await Promise.all(
    ['LICENSE', 'LICENSE.md', 'license', 'LICENCE'].map((file) =>
      readFile(join(root, folder, file), 'utf8').catch(() => ''),
    ),
  );
  return `\n--- ${name} ${version} (${license})\n${texts.find((text) => text !== '') ?? ''}`;
}
