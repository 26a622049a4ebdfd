import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedFiles } from './generated-files.ts';

/** Writes the generated files; run from anywhere. */
const root = join(import.meta.dirname, '..', '..');
for (const { path, render } of generatedFiles) {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, render());
}
