/**
 * Who may import whom (DESIGN §1). The rule in one table; `importViolations` is pure, so that the rule itself is tested.
 */

/** A place in the repository whose imports are ruled: the folder of a workspace. */
export type Place = string;

const CONTAINER_FOLDERS = ['ambassadors', 'sidecars', 'adapters'];

/** The workspaces each place may import, by package name. `*` is every workspace but `cli`. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  api: [],
  kit: [],
  kube: ['@motif/kit'],
  chassis: ['@motif/api', '@motif/kit'],
  operator: ['@motif/api', '@motif/kit', '@motif/kube'],
  container: ['@motif/chassis', '@motif/api', '@motif/kit'],
  'sidecars/config-sync': ['@motif/chassis', '@motif/api', '@motif/kit', '@motif/kube'],
  'test/cluster': ['@motif/kit'],
  test: ['*'],
  bench: ['*'],
  tools: ['*'],
  examples: [],
  cli: ['*'],
};

/** One import of one file: what was written, and the repository path it leads to when it is relative. */
export interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly target?: string;
}

/** The place that a repository path belongs to: a workspace's folder, or the top folder. */
export function placeOf(path: string): Place {
  const [top = '', second = ''] = path.split('/');
  return CONTAINER_FOLDERS.includes(top) || (top === 'test' && second === 'cluster') ? `${top}/${second}` : top;
}

function allowedFor(place: Place): readonly string[] {
  const exact = ALLOWED[place];
  if (exact) return exact;
  const top = place.split('/')[0] ?? '';
  if (CONTAINER_FOLDERS.includes(top)) return ALLOWED.container ?? [];
  return ALLOWED[top] ?? [];
}

/** A test may reach a little further than the code beside it: the fakes of `testing` entries are made for that. */
function isTest(file: string): boolean {
  return /\.(test|e2e|bench)\.ts$/.test(file) || file.includes('/testing/');
}

/** One sentence for each import that breaks the rule; empty when all keep it. */
export function importViolations(imports: readonly Import[]): string[] {
  const broken: string[] = [];
  for (const { file, specifier, target } of imports) {
    const place = placeOf(file);
    if (target !== undefined) {
      const there = placeOf(target);
      const sanctioned = there === place || place === 'tools' || place === 'test' || isTest(file);
      if (!sanctioned)
        broken.push(`${file} imports ${specifier}: ${there} is another workspace, import it by its name`);
      continue;
    }
    const workspace = /^@motif\/[a-z-]+/.exec(specifier)?.[0];
    if (workspace === undefined) continue;
    const allowed = allowedFor(place);
    const self = `@motif/${place.split('/').at(-1)}`;
    if (workspace === '@motif/cli' && place !== 'cli') broken.push(`${file} imports ${specifier}: nothing imports cli`);
    else if (workspace !== self && !allowed.includes(workspace) && !allowed.includes('*'))
      broken.push(`${file} imports ${specifier}: ${place} may import ${allowed.join(', ') || 'nothing of ours'}`);
  }
  return broken;
}

/** The import specifiers of a TypeScript source text: static, re-exporting and dynamic ones. */
export function specifiersOf(source: string): string[] {
  const found = source.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
  );
  return [...found].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}
