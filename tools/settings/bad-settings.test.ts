import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { containersNamed } from '../bundle/containers.ts';

const root = join(import.meta.dirname, '../..');

/** Runs a container's program with nothing but this in its environment. */
function run(name: string, env: Record<string, string>): Promise<{ code: number | null; out: string; err: string }> {
  const [container] = containersNamed([name]);
  const child = spawn(process.execPath, [join(root, container?.entry ?? '')], { env });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

test.each([
  ['sharding', 'LISTEN', '6379'],
  ['sharding', 'TOPOLOGY', 'topology.json'],
  ['sharding', 'SECRETS_DIR', './secrets'],
  ['sharding', 'ADMIN_LISTEN', 'localhost:99000'],
  ['sharding', 'LOG_LEVEL', 'verbose'],
  ['sharding', 'DRAIN_TIMEOUT', '25'],
  ['operator', 'WORKERS', '0'],
  ['operator', 'WATCH_NAMESPACES', 'shop,Front End'],
  ['operator', 'LEASE_RENEW_DEADLINE', '20s'],
  ['operator', 'LEASE_DURATION', '15 seconds'],
  ['operator', 'DATA_PLANE_REGISTRY', 'registry.example.com/'],
  ['operator', 'POD_NAMESPACE', 'Not_A_Namespace'],
])('%s: %s=%s ends the process with one line that names it', async (name, variable, value) => {
  const { code, out, err } = await run(name, { [variable]: value });
  expect({ code, out }).toEqual({ code: 1, out: '' });
  const lines = err.trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(new RegExp(`^${name}: ${variable} is .*; allowed: `));
});
