import { setTimeout as sleep } from 'node:timers/promises';
import { KubeApiError, type KubeClient, type KubeList, type KubeObject, resources } from '@motif/kube';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shardedService } from './support/resource.ts';
import { World } from './support/world.ts';

type Lie = 'none' | 'empty' | '404';

describe('an API server that lies for a while', () => {
  let world: World;
  let lie: Lie = 'none';

  /** Lists are empty or not found, gets are not found, watches break, so that everything is listed again. */
  const lying = (client: KubeClient): KubeClient => {
    const notFound = () =>
      new KubeApiError('not found', { status: 404, reason: 'NotFound', retryable: false, maybeApplied: false });
    return {
      ...client,
      get: async (...args) => {
        if (lie === '404') throw notFound();
        return client.get(...(args as Parameters<KubeClient['get']>)) as never;
      },
      list: async (...args) => {
        if (lie === '404') throw notFound();
        const page = await client.list(...(args as Parameters<KubeClient['list']>));
        return (lie === 'empty' ? { ...page, items: [], continue: undefined } : page) as KubeList<never>;
      },
      watch: async (...args) => {
        if (lie === '404') throw notFound();
        if (lie === 'empty')
          throw new KubeApiError('gone', { status: 410, reason: 'Expired', retryable: false, maybeApplied: false });
        return client.watch(...(args as Parameters<KubeClient['watch']>)) as never;
      },
      listAll: (...args) => client.listAll(...(args as Parameters<KubeClient['listAll']>)) as never,
      apply: (...args) => client.apply(...(args as Parameters<KubeClient['apply']>)) as never,
      create: (...args) => client.create(...(args as Parameters<KubeClient['create']>)) as never,
      replace: (...args) => client.replace(...(args as Parameters<KubeClient['replace']>)) as never,
      patch: (...args) => client.patch(...(args as Parameters<KubeClient['patch']>)) as never,
      delete: (...args) => client.delete(...args),
      request: (...args) => client.request(...(args as Parameters<KubeClient['request']>)) as never,
      close: () => client.close(),
    };
  };

  beforeAll(async () => {
    world = await World.create('guards');
    await world.start({ wrap: lying, wrapReader: lying, resyncMs: 1_000 });
    await world.apply(shardedService('cart', { shards: 3, storage: { size: '32Mi' } }));
    await world.untilSettled('cart');
  });
  afterAll(() => world.close());

  for (const kind of ['empty', '404'] as const) {
    test(`with ${kind} answers costs nobody a shard`, async () => {
      const pods = await world.podIdentities('motif.dev/role=shard');
      const sets = (await world.list<KubeObject>(resources.statefulSets))
        .map(({ metadata }) => metadata.uid)
        .toSorted();
      const { epoch } = (await world.service('cart')).status ?? {};
      lie = kind;
      // Long enough for watches (20 to 25 s) to end and be listed anew, and for many resyncs.
      await sleep(45_000);
      lie = 'none';
      await sleep(3_000);
      expect(await world.podIdentities('motif.dev/role=shard')).toEqual(pods);
      const now = (await world.list<KubeObject>(resources.statefulSets)).map(({ metadata }) => metadata.uid).toSorted();
      expect(now).toEqual(sets);
      await world.untilSettled('cart');
      expect((await world.service('cart')).status?.epoch).toBe(epoch);
    });
  }
});
