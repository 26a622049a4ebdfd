import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ownLayout } from '@motif/cluster';
import { withLock } from '@motif/cluster/lifecycle/lock';

const repository = join(import.meta.dirname, '../../..');

/**
 * Bundles, builds and loads the images of our containers into the tests' cluster, as far as they have changed. Test files run side by side: one
 * at a time does it, and the others find it done.
 */
export function ownImages(...names: readonly ('operator' | 'sharding')[]): Promise<void> {
  const { cache } = ownLayout();
  const images = names.map((name) => `motif/${name}`);
  return withLock(join(cache, 'own-images.lock'), () => run('test/cluster/src/main.ts', 'load', ...images));
}

function run(...args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: repository, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${args.join(' ')} failed: ${said}`))));
  });
}
