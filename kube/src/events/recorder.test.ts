import { silentLogger } from '@motif/kit';
import { FakeClock } from '@motif/kit/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KubeClient } from '../client/types.ts';
import type { KubeObject } from '../object.ts';
import { resources } from '../resource.ts';
import { fakeClient } from '../testing/fake-client.ts';
import { answerWith } from '../testing/fake-server/faults.ts';
import { FakeApiServer } from '../testing/fake-server/server.ts';
import { createEventRecorder, SAME_EVENT_MS } from './recorder.ts';
import type { EventRecorder } from './types.ts';

let server: FakeApiServer;
let client: KubeClient;
let clock: FakeClock;
let recorder: EventRecorder;

beforeEach(async () => {
  server = await FakeApiServer.start();
  client = fakeClient(server);
  clock = new FakeClock();
  recorder = createEventRecorder({
    client,
    clock,
    logger: silentLogger(),
    controller: 'motif.dev/operator',
    instance: 'pod-1',
  });
});

afterEach(async () => {
  await client.close();
  await server.stop();
});

const cart: KubeObject = { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'cart', namespace: 'shop', uid: 'u1' } };
const added = { type: 'Normal', reason: 'ShardAdded', action: 'Reconcile', note: 'Added shard cart-0' } as const;

async function written(): Promise<KubeObject[]> {
  await recorder.flush();
  return (await client.list(resources.events, { namespace: 'shop' })).items;
}

test('writes an event about an object, with what it must have', async () => {
  recorder.record(cart, added);
  expect(await written()).toMatchObject([
    {
      reason: 'ShardAdded',
      note: 'Added shard cart-0',
      type: 'Normal',
      regarding: { kind: 'Thing', name: 'cart', uid: 'u1' },
      reportingController: 'motif.dev/operator',
      reportingInstance: 'pod-1',
      eventTime: expect.stringMatching(/\.\d{6}Z$/),
    },
  ]);
});

test('writes the same event once in ten minutes, and another at once', async () => {
  recorder.record(cart, added);
  recorder.record(cart, added);
  recorder.record(cart, { ...added, note: 'Added shard cart-1' });
  expect(await written()).toHaveLength(2);
  clock.advance(SAME_EVENT_MS);
  recorder.record(cart, added);
  expect(await written()).toHaveLength(3);
});

test('cuts a long note at the limit, between characters', async () => {
  recorder.record(cart, { ...added, note: 'ü'.repeat(2000) });
  const note = String((await written())[0]?.note);
  expect(Buffer.byteLength(note)).toBeLessThanOrEqual(1024);
  expect(note).toMatch(/^ü+…$/);
});

test('a failed write hurts nobody', async () => {
  server.faults.add(answerWith(403, { when: (request) => request.method === 'POST' }));
  recorder.record(cart, added);
  expect(await written()).toEqual([]);
});
