import { seededRandom } from '@motif/kit';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { KubeClient } from '../client/types.ts';
import { type KubeObject, keyOf } from '../object.ts';
import { resources } from '../resource.ts';
import type { StoreEvent } from '../store/types.ts';
import { fakeClient, testDependencies, widgets } from '../testing/fake-client.ts';
import { answerWith, emptyLists, hang, rawWatch } from '../testing/fake-server/faults.ts';
import { FakeApiServer } from '../testing/fake-server/server.ts';
import { createInformer, type InformerOptions } from './informer.ts';
import type { Informer } from './types.ts';

let server: FakeApiServer;
let client: KubeClient;
let stop: AbortController;
let running: Promise<void>[];

beforeEach(async () => {
  server = await FakeApiServer.start({ resources: [widgets] });
  client = fakeClient(server);
  stop = new AbortController();
  running = [];
});

afterEach(async () => {
  stop.abort();
  await Promise.all(running);
  await client.close();
  await server.stop();
});

const widget = (name: string, data = 'x'): KubeObject => ({
  apiVersion: 'test.motif.dev/v1',
  kind: 'Widget',
  metadata: { namespace: 'shop', name },
  data,
});

const create = (name: string) => client.create(widgets, widget(name));
const remove = (name: string) => client.delete(widgets, { namespace: 'shop', name });
const requests = (pattern: RegExp) => server.requests.filter(({ url }) => pattern.test(url)).length;

/** An informer whose pauses are short; what it saw is noted as `added a`. */
function start(more: Partial<InformerOptions<KubeObject>> = {}): { informer: Informer; seen: string[] } {
  const informer = createInformer({
    client,
    resource: widgets,
    ...testDependencies,
    backoff: { baseMs: 10, capMs: 100 },
    machine: { healthyMs: 0, recheckMs: 30, doubtMs: 300 },
    ...more,
  });
  const seen: string[] = [];
  informer.subscribe(({ type, object }: StoreEvent) => seen.push(`${type} ${object.metadata.name}`));
  running.push(informer.run(stop.signal));
  return { informer, seen };
}

/** Whether the store holds exactly what the server holds. */
function sameAsServer(informer: Informer): void {
  const versions = (objects: KubeObject[]) =>
    objects.map((object) => `${keyOf(object)} ${object.metadata.uid} ${object.metadata.resourceVersion}`).sort();
  expect(versions(informer.store.list())).toEqual(versions(server.database.list(widgets, undefined)));
}

describe('informer', () => {
  test('lists in pages, then follows changes', async () => {
    for (let i = 0; i < 1203; i++)
      server.database.write(widgets, `shop/w${i}`, {
        ...widget(`w${i}`),
        metadata: { ...widget(`w${i}`).metadata, uid: `${i}` },
      });
    const { informer, seen } = start();
    await informer.waitForSync(stop.signal);
    expect(informer.store.size).toBe(1203);
    expect(requests(/limit=500/)).toBe(3);
    await create('new');
    await client.patch(widgets, { namespace: 'shop', name: 'new' }, { type: 'merge', body: { data: 'y' } });
    await remove('new');
    await vi.waitFor(() => expect(seen.slice(-3)).toEqual(['added new', 'updated new', 'deleted new']));
    sameAsServer(informer);
  });

  test('keeps the managed fields of ours only, and hands out apiVersion and kind', async () => {
    await create('a');
    await client.apply(widgets, widget('a', 'y'));
    const { informer } = start();
    await informer.waitForSync(stop.signal);
    const [object] = informer.store.list();
    expect(object).toMatchObject({ kind: 'Widget', apiVersion: 'test.motif.dev/v1' });
    expect(object?.metadata.managedFields?.map(({ manager, operation }) => `${manager} ${operation}`)).toEqual([
      'motif Apply',
    ]);
  });

  test('sees what it missed while the server was away, a deletion and a new object of the same name too', async () => {
    for (const name of ['stays', 'goes', 'again']) await create(name);
    const { informer, seen } = start();
    await informer.waitForSync(stop.signal);
    const { port, database } = server;
    await server.stop();
    const direct = await FakeApiServer.start({ resources: [widgets], database });
    const behind = fakeClient(direct);
    for (const name of ['goes', 'again']) await behind.delete(widgets, { namespace: 'shop', name });
    await behind.create(widgets, widget('again'));
    database.compact();
    await behind.close();
    await direct.stop();
    server = await FakeApiServer.start({ resources: [widgets], database, port });
    await vi.waitFor(
      () => expect(seen.slice(3).sort()).toEqual(['added again', 'deleted again', 'deleted goes']),
      5000,
    );
    expect(seen.indexOf('deleted again')).toBeLessThan(seen.lastIndexOf('added again'));
    sameAsServer(informer);
  });

  test('goes on from its version when connections are cut, without a list', async () => {
    const { informer, seen } = start();
    await informer.waitForSync(stop.signal);
    for (let i = 0; i < 5; i++) {
      await vi.waitFor(() => expect(requests(/watch=1/)).toBeGreaterThan(i));
      server.cutAll();
      await create(`w${i}`);
    }
    await vi.waitFor(() => expect(seen).toHaveLength(5));
    expect(requests(/limit=500/)).toBe(1);
  });

  test('lists again when its version is too old, and when a token expires between pages', async () => {
    for (let i = 0; i < 600; i++) await create(`w${i}`);
    let compactions = 1;
    server.faults.add(({ query }) => {
      if (query.has('continue') && compactions-- > 0) {
        server.database.write(widgets, 'shop/extra', {
          ...widget('extra'),
          metadata: { ...widget('extra').metadata, uid: 'e' },
        });
        server.database.compact();
      }
      return false;
    });
    const { informer } = start();
    await informer.waitForSync(stop.signal);
    sameAsServer(informer);
    expect(requests(/limit=500/)).toBe(4);
  });

  test('finds a watch that nobody ends, and gets its changes', async () => {
    let held = true;
    server.faults.add((request, response) => held && request.watch && hang(() => true)(request, response));
    const { informer, seen } = start({ timing: { seconds: 0.05, jitterSeconds: 0, graceMs: 100 } });
    await informer.waitForSync(stop.signal);
    await create('a');
    await vi.waitFor(() => expect(requests(/watch=1/)).toBeGreaterThanOrEqual(2));
    held = false;
    await vi.waitFor(() => expect(seen).toEqual(['added a']), 5000);
  });

  test.each([
    ['malformed lines', '{"type":"ADDED","object":{\n'],
    ['lines beyond the limit', `{"x":"${'y'.repeat(9 * 1024 * 1024)}`],
    ['a stream of nothing', '\n\n\n'],
    ['an error of the server', '{"type":"ERROR","object":{"kind":"Status","code":500,"message":"boom"}}\n'],
  ])('gets over %s', async (_, text) => {
    server.faults.add(rawWatch(text, 4));
    const { informer, seen } = start();
    await informer.waitForSync(stop.signal);
    await create('a');
    await vi.waitFor(() => expect(seen).toEqual(['added a']), 10_000);
    sameAsServer(informer);
  });

  test('a handler that throws hurts neither the informer nor the other handlers', async () => {
    const { informer, seen } = start();
    await informer.waitForSync(stop.signal);
    informer.subscribe(() => {
      throw new Error('boom');
    });
    const late: string[] = [];
    informer.subscribe(({ object }) => late.push(object.metadata.name));
    await create('a');
    await create('b');
    await vi.waitFor(() => expect(late).toEqual(['a', 'b']));
    expect(seen).toHaveLength(2);
  });
});

describe('no bulk deletion on one answer', () => {
  /** Does something that the informer does not see, and lets it find its version too old. */
  async function unseen(events: number, work: () => Promise<unknown>): Promise<void> {
    server.faults.loseEvents('widgets.test.motif.dev', events);
    await work();
    server.database.compact();
    server.cutAll();
  }

  test.each([
    ['empty lists', () => emptyLists()],
    ['404', () => answerWith(404, { when: ({ method, watch }) => method === 'GET' && !watch })],
  ])('%s for a while cost nothing', async (_, fault) => {
    for (let i = 0; i < 6; i++) await create(`w${i}`);
    const { informer, seen } = start({ machine: { healthyMs: 0, recheckMs: 30, doubtMs: 60_000 } });
    await informer.waitForSync(stop.signal);
    const heal = server.faults.add(fault());
    await unseen(1, () => create('late'));
    await vi.waitFor(() => expect(informer.suspicion).toBeDefined(), 5000);
    await vi.waitFor(() => expect(requests(/limit=500/)).toBeGreaterThanOrEqual(4), 5000);
    expect(informer.store.size).toBeGreaterThanOrEqual(6);
    heal();
    await vi.waitFor(() => expect(informer.suspicion).toBeUndefined(), 5000);
    expect(seen.filter((event) => event.startsWith('deleted'))).toEqual([]);
    sameAsServer(informer);
  });

  test('a list that stays short is believed in the end', async () => {
    for (let i = 0; i < 6; i++) await create(`w${i}`);
    const { informer, seen } = start();
    await informer.waitForSync(stop.signal);
    await unseen(6, () => Promise.all([0, 1, 2, 3, 4, 5].map((i) => remove(`w${i}`))));
    await vi.waitFor(() => expect(informer.suspicion).toMatchObject({ reason: 'Empty', before: 6 }), 5000);
    expect(informer.store.size).toBe(6);
    await vi.waitFor(() => expect(informer.store.size).toBe(0), 5000);
    expect(seen.filter((event) => event.startsWith('deleted'))).toHaveLength(6);
    expect(informer.suspicion).toBeUndefined();
  });
});

test('no storm: while the server fails there is one request a pause, and pauses grow', async () => {
  server.faults.add(answerWith(500));
  start({ backoff: { baseMs: 20, capMs: 40 }, random: () => 1 });
  await vi.waitFor(() => expect(server.requests.length).toBeGreaterThanOrEqual(5), 5000);
  const [first, , , , fifth] = server.requests;
  // 20 + 40 + 40 + 40 ms of pauses lie before the fifth request.
  expect((fifth?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(135);
});

test('random faults of all kinds: at rest the store is what the server holds', async () => {
  const random = seededRandom(20261121);
  const { informer } = start();
  await informer.waitForSync(stop.signal);
  let names = 0;
  const { configMaps } = resources;
  for (let round = 0; round < 120; round++) {
    const pick = Math.floor(random() * 8);
    // Connections are cut under the calls: only what may be carried out twice gets through.
    if (pick <= 2) await client.apply(widgets, widget(`w${names++}`));
    if (pick === 3) await client.apply(widgets, widget(`w${Math.floor(random() * names)}`, `${round}`));
    if (pick === 4) await remove(`w${Math.floor(random() * names)}`).catch(() => {});
    if (pick === 5) server.cutAll();
    if (pick === 6) server.faults.add(rawWatch('{"type":"MODI\n', 1));
    if (pick === 7) {
      await client.apply(configMaps, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { namespace: 'shop', name: `c${round}` },
      });
      if (random() < 0.5) server.database.compact();
    }
  }
  await vi.waitFor(() => sameAsServer(informer), { timeout: 10_000 });
});
