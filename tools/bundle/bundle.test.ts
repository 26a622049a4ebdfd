import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bundle } from './bundle.ts';
import { containersNamed } from './containers.ts';

const root = join(import.meta.dirname, '../..');
const sample = {
  name: 'bundle-test',
  workspace: 'kit',
  entry: 'kit/src/process/testdata/sample-container.ts',
  settings: 'unused',
  description: 'unused',
};
const file = join(root, 'dist', sample.name, 'main.mjs');

afterAll(() => rmSync(join(root, 'dist', sample.name), { recursive: true, force: true }));

test('a bundle is one file that runs by itself, with the licences of what is in it', async () => {
  await bundle(root, sample);
  const first = readFileSync(file, 'utf8');
  const notice = readFileSync(join(root, 'dist', sample.name, 'NOTICE'), 'utf8');
  for (const name of ['express', 'prom-client', 'zod']) expect(notice).toMatch(new RegExp(`^--- ${name} \\d`, 'm'));
  // From a folder without node_modules, as in an image.
  const child = spawn(process.execPath, [file], { cwd: '/', env: { ADMIN_LISTEN: '127.0.0.1:0' } });
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
    if (out.includes('"started"')) child.kill('SIGTERM');
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('"drained"') });
  // As zod's Spanish messages begin: other languages than English are left out. (A boolean: a failure must not print the whole file.)
  const spanish = readFileSync(join(root, 'node_modules/zod/v4/locales/es.js'), 'utf8');
  expect([spanish, first].map((text) => text.includes('Entrada inv'))).toEqual([true, false]);
  // What would load undici and TLS into each container.
  expect([/from ?"node:https?"/, /require\("https"\)/].map((what) => what.test(first))).toEqual([false, false]);
  await bundle(root, sample);
  expect(readFileSync(file, 'utf8') === first).toBe(true);
});

test('an unknown container is told with those that are known', () => {
  expect(() => containersNamed(['shardin'])).toThrow('no container is called "shardin"; there are operator, sharding');
});
