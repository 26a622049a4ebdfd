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
  [
    'sharding',
    {
      LISTEN: '6379',
      TOPOLOGY: 'topology.json',
      SECRETS_DIR: './secrets',
      MAX_CONNECTIONS: '0',
      MAX_IN_FLIGHT: 'many',
      JSON_BODY_LIMIT: '64KB',
      VIA: 'our proxy',
      ACCESS_LOG: '1/0',
      ACCESS_LOG_QUERY: 'yes',
      HOT_KEYS: 'on',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318',
      OTEL_EXPORTER_OTLP_HEADERS: 'token',
      OTEL_RESOURCE_ATTRIBUTES: 'k8s.pod.name',
      OTEL_TRACES_SAMPLER: 'jaeger_remote',
      OTEL_TRACES_SAMPLER_ARG: '1.5',
      ADMIN_LISTEN: 'localhost:99000',
      LOG_LEVEL: 'verbose',
      DRAIN_TIMEOUT: '25',
    },
  ],
  [
    'operator',
    {
      WORKERS: '0',
      WATCH_NAMESPACES: 'shop,Front End',
      LEASE_NAME: 'motif/operator',
      LEASE_DURATION: '15 seconds',
      DATA_PLANE_REGISTRY: 'registry.example.com/',
      POD_NAMESPACE: 'Not_A_Namespace',
    },
  ],
  // Each good by itself, but not together.
  ['operator', { LEASE_RENEW_DEADLINE: '20s' }],
])(
  '%s: each bad setting is one line that names it, its value and what is allowed, then the process ends',
  async (name, env) => {
    const { code, out, err } = await run(name, env);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    const named = err
      .trimEnd()
      .split('\n')
      .map((line) => /^(\w+): (\w+) is .+; allowed: .+$/.exec(line)?.slice(1, 3).join(' '));
    expect(named.toSorted()).toEqual(
      Object.keys(env)
        .map((variable) => `${name} ${variable}`)
        .toSorted(),
    );
  },
);
