import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generatedFiles } from './generated-files.ts';

const root = join(import.meta.dirname, '..', '..');

describe('generated files', () => {
  it.each(generatedFiles.map(({ path, render }) => [path, render] as const))('%s is up to date', (path, render) => {
    expect(readFileSync(join(root, path), 'utf8'), 'run `npm run generate`').toBe(render());
  });
});
