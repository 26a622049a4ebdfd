import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { formatIssues, issuesOf } from '../issues.ts';
import { shardedService } from './resource.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** Every ShardedService that we show people: in examples and in the guides' code blocks. */
function shown(): [string, unknown][] {
  const files = globSync(['examples/**/*.yaml', 'docs/guides/*.md', 'README.md'], { cwd: root });
  return files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const blocks = file.endsWith('.md')
      ? [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
      : [text];
    const documents = blocks.flatMap((block) => parseAllDocuments(block).map((document): unknown => document.toJS()));
    return documents.filter(isShardedService).map((resource): [string, unknown] => [file, resource]);
  });
}

function isShardedService(document: unknown): boolean {
  return typeof document === 'object' && document !== null && 'kind' in document && document.kind === 'ShardedService';
}

describe('a ShardedService that we show', () => {
  it('is there', () => {
    expect(shown().map(([file]) => file)).toContain('examples/sharded-redis/cart.yaml');
  });

  it.each(shown())('in %s fits the schema', (_, resource) => {
    const result = shardedService.safeParse(resource);
    expect(result.success ? 'fits' : formatIssues(issuesOf(result.error, resource))).toBe('fits');
  });
});
