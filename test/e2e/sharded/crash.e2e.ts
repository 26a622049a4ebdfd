import { waitFor } from '@motif/cluster/testing';
import { type KubeObject, resources } from '@motif/kube';
import { CrashError, crashingClient } from '@motif/kube/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shardedService } from './support/resource.ts';
import { World } from './support/world.ts';

const CHILDREN = [
  resources.statefulSets,
  resources.services,
  resources.podDisruptionBudgets,
  resources.configMaps,
  resources.deployments,
];

/** Shards that need no image, so that only what the operator does takes time. */
const spec = { shards: 3, suspend: true, router: { replicas: 1 } };

describe('a pass that is interrupted after each of its writes in turn', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create('crash');
  });
  afterAll(() => world.close());

  /** What the children are, without what differs from one making to the next. */
  const children = async (name: string) => {
    const found: unknown[] = [];
    for (const ref of CHILDREN) {
      for (const child of await world.list<KubeObject>(ref, `motif.dev/service=${name}`)) {
        const { labels, ownerReferences } = child.metadata;
        const owners = ownerReferences?.map(({ kind, controller }) => `${kind} ${controller}`);
        const { clusterIP: _ip, clusterIPs: _ips, ...rest } = (child.spec ?? {}) as Record<string, unknown>;
        found.push({
          kind: child.kind,
          name: child.metadata.name,
          labels,
          owners,
          spec: rest,
          data: Object.keys((child.data as object) ?? {}),
        });
      }
    }
    return JSON.parse(JSON.stringify(found).replaceAll(name, 'NAME')) as unknown[];
  };

  const complete = (name: string) => world.until(name, 'Progressing', 'False', 'Converged');

  test('ends in the same children', async () => {
    await world.start();
    await world.apply(shardedService('whole', spec));
    await complete('whole');
    const expected = await children('whole');
    expect(expected).toHaveLength(9);
    await world.stop();

    let survived = false;
    for (let writes = 0; !survived; writes++) {
      const name = `cut-${writes}`;
      let crashes = 0;
      let seen = () => 0;
      await world.start({
        wrap: (client) => {
          const crashing = crashingClient(client, writes);
          seen = () => crashing.seen;
          return {
            ...crashing,
            apply: async (...args) => {
              try {
                return await crashing.apply(...args);
              } catch (error) {
                if (error instanceof CrashError) crashes++;
                throw error;
              }
            },
          } as typeof client;
        },
      });
      await world.apply(shardedService(name, spec));
      const over = async () => crashes > 0 || (await world.condition(name, 'Progressing'))?.reason === 'Converged';
      await waitFor(`write ${writes} is reached or all is done`, over, { timeoutMs: 30_000 });
      survived = crashes === 0;
      await world.stop();
      if (!survived) expect(seen()).toBe(writes);
      await world.start();
      await complete(name);
      expect(await children(name), `after a crash at write ${writes}`).toEqual(expected);
      await world.stop();
      await world.namespace.kubectl(['delete', `ssvc/${name}`, '--wait=false']);
      // Children and the status: fewer would mean that the crash came elsewhere.
      if (survived) expect(writes).toBeGreaterThan(9);
    }
  });
});
