import { waitFor } from '@motif/cluster/testing';
import type { Play } from '../../chaos/play.ts';
import type { Scene } from '../../chaos/scene.ts';
import { type Account, countDone, judge, type Verdict } from './account.ts';
import { adminPage, askInside, podNames } from './inside.ts';
import { PRICES, SCRIPTS } from './prices.ts';

const SHARDS = 3;

/** A service of two replicas a shard that writes down what it does. Its keys have two parts; a change of its shards is allowed. */
export function counterResource(): object {
  const container = {
    name: 'counter',
    image: 'motif.local/tools:1',
    command: ['node', '/programs/counter.mjs'],
    readinessProbe: { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 1 },
    resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } },
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
    volumeMounts: [{ name: 'programs', mountPath: '/programs', readOnly: true }],
  };
  const user = { runAsUser: 65532, runAsGroup: 65532, fsGroup: 65532 };
  return {
    apiVersion: 'motif.dev/v1alpha1',
    kind: 'ShardedService',
    metadata: { name: 'counter' },
    spec: {
      protocol: 'http',
      shards: SHARDS,
      replicas: 2,
      sharding: { key: ['header:x-tenant + path[1]'], onRemap: 'Remap' },
      storage: { size: '16Mi' },
      // On a busy machine a second may pass in a pod that is well; what a change costs is to be seen, not that.
      failure: { timeout: '5s' },
      router: { replicas: 1 },
      template: {
        spec: {
          terminationGracePeriodSeconds: 6,
          securityContext: { ...user, runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [container],
          volumes: [{ name: 'programs', configMap: { name: 'load' } }],
        },
      },
    },
  };
}

/** The counting service under two loads that keep an account of every request. */
export const COUNTER: Play = {
  service: 'counter',
  shards: [],
  resource: JSON.stringify(counterResource()),
  client: PRICES.client.replaceAll('prices', 'counter'),
  scripts: SCRIPTS,
  script: 'count-load.mjs',
  keys: {},
};

/** The account that a load has kept; asking for it ends the load. */
export async function finish({ namespace }: Scene, load: string): Promise<Account> {
  return JSON.parse((await askInside(namespace, load, 'load', 'http://127.0.0.1:8090/finish')).body) as Account;
}

/** How often each request was done, over all pods of the service. */
export async function done({ namespace }: Scene): Promise<Map<string, number>> {
  const pods = await podNames(namespace, 'motif.dev/service=counter,motif.dev/role=shard');
  const files = pods.map((pod) => namespace.kubectl(['exec', pod, '-c', 'counter', '--', 'cat', '/data/done.log']));
  return countDone(await Promise.all(files));
}

/** What each load's account and the pods' files come to. */
export async function verdicts(scene: Scene, loads: readonly string[]): Promise<Record<string, Verdict>> {
  const accounts = await Promise.all(loads.map((load) => finish(scene, load)));
  const times = await done(scene);
  return Object.fromEntries(loads.map((load, i) => [load, judge(load, accounts[i]!, times)]));
}

/** The epoch that the router and the ambassador show. */
export async function epochsSeen({ namespace }: Scene): Promise<number[]> {
  const epoch = async (pod: string, container: string, page = adminPage(namespace, pod, container, '/topology')) =>
    Number(JSON.parse(await page).epoch);
  const routers = await podNames(namespace, 'motif.dev/service=counter,motif.dev/role=router');
  return Promise.all([...routers.map((pod) => epoch(pod, 'sharding')), epoch('through-ambassador', 'load')]);
}

/** Applies a change, and waits until it is carried out and every proxy of ours works by it. @returns the epoch then */
export async function change(scene: Scene, patch: object): Promise<number> {
  const { namespace } = scene;
  const body = JSON.stringify({ spec: patch });
  await namespace.kubectl(['patch', 'shardedservices.motif.dev', 'counter', '--type=merge', '-p', body]);
  await waitFor('the change is carried out', () => settled(scene), { timeoutMs: 90_000, everyMs: 300 });
  const status = JSON.parse(await namespace.kubectl(['get', 'ssvc', 'counter', '-o', 'json'])).status;
  const current = async () => (await epochsSeen(scene)).every((epoch) => epoch >= status.epoch);
  await waitFor(`epoch ${status.epoch} everywhere`, current, { timeoutMs: 30_000, everyMs: 300 });
  return status.epoch;
}

async function settled({ namespace }: Scene): Promise<boolean> {
  const { metadata, status } = JSON.parse(await namespace.kubectl(['get', 'ssvc', 'counter', '-o', 'json']));
  const is = (type: string, value: string) =>
    status.conditions.some(
      (one: { type: string; status: string; observedGeneration: number }) =>
        one.type === type && one.status === value && one.observedGeneration === metadata.generation,
    );
  return status.observedGeneration === metadata.generation && is('Ready', 'True') && is('Progressing', 'False');
}
