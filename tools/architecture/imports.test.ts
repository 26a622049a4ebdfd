import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Import, importViolations, specifiersOf } from './imports.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Every import of every TypeScript file of the work tree, ignored files apart. */
function importsOfTheTree(): Import[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], {
    cwd: root,
    encoding: 'utf8',
  });
  const files = listed.split('\n').filter((file) => file !== '' && existsSync(join(root, file)));
  return files.flatMap((file) =>
    specifiersOf(readFileSync(join(root, file), 'utf8')).map((specifier) =>
      specifier.startsWith('.')
        ? { file, specifier, target: normalize(join(dirname(file), specifier)) }
        : { file, specifier },
    ),
  );
}

describe('who may import whom', () => {
  it('holds for every file of the repository', () => {
    const imports = importsOfTheTree();
    expect(imports.length).toBeGreaterThan(10);
    expect(importViolations(imports)).toEqual([]);
  });

  it.each([
    ['kit/src/a.ts', '@motif/api'],
    ['api/src/a.ts', '@motif/kit'],
    ['kube/src/a.ts', '@motif/api'],
    ['chassis/src/a.ts', '@motif/kube'],
    ['ambassadors/sharding/src/a.ts', '@motif/kube'],
    ['ambassadors/sharding/src/a.ts', '@motif/splitting'],
    ['operator/src/a.ts', '@motif/chassis'],
    ['test/e2e/a.e2e.ts', '@motif/cli'],
  ])('refuses that %s imports %s', (file, specifier) => {
    expect(importViolations([{ file, specifier }])).toHaveLength(1);
  });

  it('refuses a relative path into another workspace', () => {
    expect(
      importViolations([{ file: 'chassis/src/a.ts', specifier: '../../kit/src/b.ts', target: 'kit/src/b.ts' }]),
    ).toHaveLength(1);
  });

  it.each([
    ['sidecars/config-sync/src/a.ts', '@motif/kube'],
    ['operator/src/a.ts', '@motif/kube/testing'],
    ['test/e2e/a.e2e.ts', '@motif/operator'],
  ])('lets %s import %s', (file, specifier) => {
    expect(importViolations([{ file, specifier }])).toEqual([]);
  });

  it('finds imports over several lines, re-exports and dynamic ones', () => {
    const source =
      "import {\n  a,\n} from './a.ts';\nexport * from './b.ts';\nimport type { C } from '@motif/kit';\nconst d = await import('./d.ts');\n";
    expect(specifiersOf(source)).toEqual(['./a.ts', './b.ts', '@motif/kit', './d.ts']);
  });
});
