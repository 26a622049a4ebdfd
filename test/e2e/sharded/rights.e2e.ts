import { join } from 'node:path';
import { cluster, waitFor } from '@motif/cluster/testing';
import { resources } from '@motif/kube';
import { recordingClient, type VerbUse } from '@motif/kube/testing';
import { CLUSTER_RULES, RULES, type Rule } from '@motif/operator/rbac';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { httpService } from './support/http.ts';
import { redisTemplate, shardedService } from './support/resource.ts';
import { World } from './support/world.ts';

const CHART = join(import.meta.dirname, '../../../charts/motif');

/** Asked for by server-side apply when it makes an object, and by an admission plug-in that this cluster does not run. */
const NOT_CALLED = [
  /^create (apps|policy|autoscaling)? (statefulsets|deployments|services|configmaps|poddisruptionbudgets|horizontalpodautoscalers)$/,
  /^update .*\/finalizers$/,
];

const pairs = (rules: readonly Rule[]) =>
  rules
    .flatMap(({ group, resources: names, verbs }) =>
      names.flatMap((name) => verbs.map((verb) => `${verb} ${group} ${name}`)),
    )
    .toSorted();

/** The rules of the chart's roles of this name. */
async function chartRules(suffix: string): Promise<Rule[]> {
  const values = ['--set', 'operator.watchNamespaces={shop}', '--set', 'crds.enabled=false'];
  const rendered = parseAllDocuments(await cluster.helm(['template', 'motif', CHART, ...values]));
  interface Role {
    kind?: string;
    metadata?: { name?: string };
    rules?: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
  }
  const roles = rendered.map((document) => document.toJS() as Role | null);
  return roles
    .filter((role) => role?.kind?.endsWith('Role') && role.metadata?.name === `motif-operator${suffix}`)
    .flatMap((role) => role?.rules ?? [])
    .flatMap(({ apiGroups, resources: names, verbs }) =>
      apiGroups.map((group) => ({ group, resources: names, verbs })),
    );
}

describe('the rights of the operator', () => {
  let world: World;
  const uses: (() => VerbUse[])[] = [];

  /** Everything that the operator ever does, once. */
  beforeAll(async () => {
    world = await World.create('rights');
    const record = (client: Parameters<typeof recordingClient>[0]) => {
      const recording = recordingClient(client);
      uses.push(() => recording.uses());
      return recording;
    };
    await world.start({ wrap: record, wrapReader: record });
    // Its own variable, so that the shard runs and only the router misses the Secret.
    const probed = redisTemplate({ env: [{ name: 'MOTIF_PROBE_PASSWORD', value: 'x' }] });
    const router = { replicas: 1 };
    const sharding = { onRemap: 'Remap' };
    await world.apply(shardedService('cart', { shards: 1, router, sharding, storage: { size: '32Mi' } }));
    await world.untilSettled('cart');
    await world.patch('cart', { spec: { shards: 2, storage: { size: '64Mi' } } });
    await world.untilSettled('cart');
    await world.patch('cart', { spec: { shards: 1, router: { replicas: 0 } } });
    const shrunk = async () =>
      (await world.list(resources.statefulSets)).length === 1 && (await world.list(resources.deployments)).length === 0;
    await waitFor('shard and router are gone', shrunk, { timeoutMs: 60_000 });
    const shardAutoscaling = { maxReplicas: 2 };
    await world.apply(httpService('scaled', { shards: 1, shardAutoscaling }));
    await world.untilSettled('scaled');
    await world.patch('scaled', { spec: { shardAutoscaling: { maxReplicas: 3 } } });
    await world.patch('scaled', { spec: { shardAutoscaling: null } });
    const unscaled = async () => (await world.list(resources.horizontalPodAutoscalers)).length === 0;
    await waitFor('the autoscaler is gone', unscaled, { timeoutMs: 60_000 });
    await world.apply(
      shardedService('stuck', {
        shards: 1,
        router: { replicas: 1 },
        auth: { password: { secretRef: { name: 'absent', key: 'p' } } },
        template: probed,
      }),
    );
    await world.until('stuck', 'Degraded', 'True', 'FailedMount', 90_000);
    await world.stop();
  });
  afterAll(() => world.close());

  test('are what the chart gives', async () => {
    expect(pairs(await chartRules(''))).toEqual(pairs(RULES));
    expect(pairs(await chartRules('-storage'))).toEqual(pairs(CLUSTER_RULES));
  });

  test('are what it uses: no verb is missing, none is idle', () => {
    // The test's client also writes the events, which it does not record.
    const used = new Set(
      uses.flatMap((list) => list()).map(({ verb, group, resource }) => `${verb} ${group} ${resource}`),
    );
    used.add('create events.k8s.io events');
    const granted = pairs([...RULES, ...CLUSTER_RULES]);
    expect([...used].filter((use) => !granted.includes(use))).toEqual([]);
    const idle = granted.filter((right) => !used.has(right) && !NOT_CALLED.some((pattern) => pattern.test(right)));
    expect(idle).toEqual([]);
  });

  test('know no wildcard and no Secret', () => {
    for (const right of pairs([...RULES, ...CLUSTER_RULES])) expect(right).not.toMatch(/\*|secrets/);
  });
});
