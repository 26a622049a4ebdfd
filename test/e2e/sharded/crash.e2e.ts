import { waitFor } from '@motif/cluster/testing';
import { type KubeClient, type KubeObject, resources } from '@motif/kube';
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

    const writes = await crashAtEachWrite(
      async (write) => {
        const name = `cut-${write}`;
        return { name, begin: () => world.apply(shardedService(name, spec)) };
      },
      async (name, write) => expect(await children(name), `after a crash at write ${write}`).toEqual(expected),
    );
    // Another operator that serves the whole cluster may take some writes over; most are ours.
    expect(writes).toBeGreaterThan(4);
  });

  test('finishes to shrink', async () => {
    const remap = { ...spec, router: { replicas: 0 }, sharding: { onRemap: 'Remap' } };
    await crashAtEachWrite(
      async (write) => {
        const name = `less-${write}`;
        await world.start();
        await world.apply(shardedService(name, remap));
        await complete(name);
        await world.stop();
        return { name, begin: () => world.patch(name, { spec: { shards: 1 } }) };
      },
      async (name) => {
        const sets = await world.list<KubeObject>(resources.statefulSets, `motif.dev/service=${name}`);
        expect(sets.map(({ metadata }) => metadata.name)).toEqual([`${name}-0`]);
        await world.until(name, 'Degraded', 'False');
        const map = await world.find<KubeObject>(resources.configMaps, `${name}-topology`);
        expect(map?.metadata.annotations).not.toHaveProperty(['motif.dev/leaving-shards']);
      },
    );
  });

  /**
   * For each write in turn: prepares, begins the change under an operator that dies there, and lets another one finish.
   * @returns at which write nothing died any more
   */
  async function crashAtEachWrite(
    prepare: (write: number) => Promise<{ name: string; begin: () => Promise<unknown> }>,
    check: (name: string, write: number) => Promise<void>,
  ): Promise<number> {
    for (let write = 0; ; write++) {
      const { name, begin } = await prepare(write);
      const crash = crashes(write);
      await begin();
      await world.start({ wrap: crash.wrap });
      const over = async () => crash.happened() || (await converged(name));
      await waitFor(`write ${write} is reached or all is done`, over, { timeoutMs: 60_000 });
      await world.stop();
      await world.start();
      await waitFor(`${name} has converged`, () => converged(name), { timeoutMs: 60_000 });
      await check(name, write);
      await world.stop();
      await world.namespace.kubectl(['delete', `ssvc/${name}`, '--wait=false']);
      if (!crash.happened()) return write;
    }
  }

  const converged = async (name: string) => {
    const { metadata, status } = await world.service(name);
    const progressing = status?.conditions?.find(({ type }) => type === 'Progressing');
    return progressing?.observedGeneration === metadata.generation && progressing.reason === 'Converged';
  };
});

/** A client that dies right after a write, and whether it has. */
function crashes(write: number): { wrap: (client: KubeClient) => KubeClient; happened: () => boolean } {
  let dead = false;
  const noting =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      try {
        return await call(...args);
      } catch (error) {
        dead ||= error instanceof CrashError;
        throw error;
      }
    };
  const wrap = (client: KubeClient) => {
    const crashing = crashingClient(client, write);
    const { apply, patch, delete: remove } = crashing;
    return { ...crashing, apply: noting(apply), patch: noting(patch), delete: noting(remove) } as KubeClient;
  };
  return { wrap, happened: () => dead };
}
