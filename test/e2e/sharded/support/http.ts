import type { World } from './world.ts';

/** Answers every request with who it is; ends gracefully; `FAIL` ends it at once. */
const PROGRAM = `
if (process.env.FAIL) process.exit(3);
const server = require('node:http').createServer((request, response) => {
  request.resume().on('end', () => response.end(JSON.stringify({ pod: process.env.HOSTNAME, round: process.env.ROUND })));
});
server.listen(Number(process.env.LISTEN_AT || 8080));
process.on('SIGTERM', () => { server.close(() => process.exit(0)); server.closeIdleConnections(); });
`;

/** A pod template of a small HTTP server at the `restricted` level. */
export function httpTemplate(env: Record<string, string> = {}, graceSeconds = 4): Record<string, unknown> {
  return {
    spec: {
      terminationGracePeriodSeconds: graceSeconds,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65532,
        runAsGroup: 65532,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: 'app',
          image: 'motif/example-sharded-http:0.1.0',
          imagePullPolicy: 'IfNotPresent',
          args: ['-e', PROGRAM],
          env: Object.entries(env).map(([name, value]) => ({ name, value })),
          resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '256Mi' } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  };
}

/** A ShardedService of protocol http, keyed by the header `x-key`; without router unless the test is about it. */
export function httpService(name: string, spec: Record<string, unknown> = {}): Record<string, unknown> {
  const { sharding = {}, ...rest } = spec;
  return {
    apiVersion: 'motif.dev/v1alpha1',
    kind: 'ShardedService',
    metadata: { name },
    spec: {
      protocol: 'http',
      shards: 2,
      router: { replicas: 0 },
      template: httpTemplate(),
      // Other suites have the cores too.
      failure: { timeout: '10s' },
      sharding: { key: ['header:x-key'], ...(sharding as object) },
      ...rest,
    },
  };
}

export interface Answer {
  readonly status: number;
  /** The pod that answered, where one did. */
  readonly pod?: string;
  readonly round?: string;
}

/** Asks `url` once for each key, one after the other, from inside the pod `from`. */
export async function ask(world: World, from: string, url: string, keys: readonly string[]): Promise<Answer[]> {
  const program = `
    const answers = [];
    for (const key of ${JSON.stringify(keys)}) {
      const response = await fetch(${JSON.stringify(url)}, { headers: { 'x-key': key } });
      const text = await response.text();
      answers.push({ status: response.status, ...(response.ok ? JSON.parse(text) : { text }) });
    }
    console.log(JSON.stringify(answers));`;
  const command = ['/nodejs/bin/node', '--input-type=module', '-e', program];
  return JSON.parse(await world.namespace.kubectl(['exec', from, '-c', 'app', '--', ...command]));
}

/** The shard of a pod: `cart-1` of `cart-1-0`. */
export const shardOf = (pod: string | undefined): string => pod?.replace(/-[0-9]+$/, '') ?? '';
