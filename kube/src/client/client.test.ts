import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isAborted, isAlreadyExists, isConflict, isGone, isNotFound, isTimeout, type KubeApiError } from '../errors.ts';
import type { KubeObject } from '../object.ts';
import { resources } from '../resource.ts';
import { fakeClient } from '../testing/fake-client.ts';
import { answerWith, cutConnection, hang, rawWatch } from '../testing/fake-server/faults.ts';
import { FakeApiServer } from '../testing/fake-server/server.ts';
import type { KubeClient } from './types.ts';

const { configMaps } = resources;
const at = { namespace: 'shop', name: 'a' };

function configMap(name: string, data: Record<string, string> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' }, data };
}

let server: FakeApiServer;
let client: KubeClient;

beforeEach(async () => {
  server = await FakeApiServer.start();
  // No jitter: the pauses of retries are as short as they can be.
  client = fakeClient(server, { random: () => 0 });
});

afterEach(async () => {
  await client.close();
  await server.stop();
});

const sent = (method: string) => server.requests.filter((request) => request.method === method).length;
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error as KubeApiError,
  );

describe('retries', () => {
  test.each([429, 500, 502, 503, 504])('a read is made again after %i', async (status) => {
    await client.create(configMaps, configMap('a'));
    server.faults.add(answerWith(status, { times: 2 }));
    expect((await client.get(configMaps, at)).metadata.name).toBe('a');
    expect(sent('GET')).toBe(3);
  });

  test('a server-side apply is made again when the connection breaks', async () => {
    server.faults.add(cutConnection((request) => request.method === 'PATCH', 2));
    await client.apply(configMaps, configMap('a'));
    expect(sent('PATCH')).toBe(3);
  });

  test('a create is made again when it was surely not carried out (429), and not when it may have been', async () => {
    server.faults.add(answerWith(429, { times: 1, when: (request) => request.method === 'POST' }));
    await client.create(configMaps, configMap('a'));
    expect(sent('POST')).toBe(2);
    server.faults.add(cutConnection((request) => request.method === 'POST'));
    const error = await failure(client.create(configMaps, configMap('b')));
    expect(error).toMatchObject({ maybeApplied: true, retryable: true });
    expect(sent('POST')).toBe(3);
  });

  test('Retry-After is waited out, unless the deadline comes first', async () => {
    server.faults.add(answerWith(429, { retryAfter: 1, times: 1 }));
    await client.list(configMaps);
    const [first, second] = server.requests;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990);
    server.faults.add(answerWith(429, { retryAfter: 60, reason: 'TooManyRequests' }));
    expect(await failure(client.list(configMaps))).toMatchObject({ code: 'KubeTooManyRequests', retryAfterMs: 60_000 });
  });

  test.each([400, 403, 404, 409, 422])('%i is handed to the caller at once', async (status) => {
    server.faults.add(answerWith(status));
    expect(await failure(client.get(configMaps, at))).toMatchObject({ status, retryable: false });
    expect(server.requests).toHaveLength(1);
  });

  test('a delete whose first attempt has an unknown outcome is done when nothing is there any more', async () => {
    await client.create(configMaps, configMap('a'));
    let cut = 0;
    server.faults.add(({ method }, response) => {
      if (method !== 'DELETE' || cut++ > 0) return false;
      server.database.write(configMaps, 'shop/a', undefined);
      response.socket?.destroy();
      return true;
    });
    await client.delete(configMaps, at);
    expect(isNotFound(await failure(client.delete(configMaps, at)))).toBe(true);
  });

  test('a server that is away is told as such, in time', async () => {
    await server.stop();
    const error = await failure(client.get(configMaps, at, { timeoutMs: 200 }));
    expect(error).toMatchObject({ code: 'KubeConnectionFailed', retryable: true, maybeApplied: false });
    server = await FakeApiServer.start();
  });
});

describe('deadlines', () => {
  test('a server that hangs costs no more than the call has time', async () => {
    server.faults.add(hang(() => true));
    expect(isTimeout(await failure(client.get(configMaps, at, { timeoutMs: 100 })))).toBe(true);
  });

  test('the signal ends a call and its retries', async () => {
    server.faults.add(hang(() => true));
    const stop = new AbortController();
    const call = failure(client.get(configMaps, at, { signal: stop.signal }));
    stop.abort();
    expect(isAborted(await call)).toBe(true);
    expect(isAborted(await failure(client.get(configMaps, at, { signal: stop.signal })))).toBe(true);
  });
});

describe('errors', () => {
  test('name the call and carry the reason', async () => {
    await client.create(configMaps, configMap('a'));
    const missing = await failure(client.get(configMaps, { ...at, name: 'nope' }));
    expect(missing?.message).toMatch(/GET \/api\/v1\/namespaces\/shop\/configmaps\/nope: .*not found/);
    expect(isAlreadyExists(await failure(client.create(configMaps, configMap('a'))))).toBe(true);
    const stale = { ...configMap('a'), metadata: { ...configMap('a').metadata, resourceVersion: '1' } };
    expect(isConflict(await failure(client.replace(configMaps, stale)))).toBe(true);
  });

  test('a namespaced object without a namespace is refused before anything is sent', () => {
    expect(() => client.get(configMaps, { name: 'a' })).toThrow(/a namespace is required/);
    expect(server.requests).toHaveLength(0);
  });
});

describe('credentials', () => {
  test('a refused token is read again, once a call', async () => {
    const refreshed: boolean[] = [];
    const plain = { server: server.url, namespace: 'default', tls: async () => ({}) };
    const headers = async (refresh: boolean) => {
      refreshed.push(refresh);
      return { authorization: refresh ? 'Bearer new' : 'Bearer old' };
    };
    const other = fakeClient(server, { connection: { ...plain, headers } });
    server.faults.add(answerWith(401, { times: 1 }));
    await other.list(configMaps);
    server.faults.add(answerWith(401));
    expect(await failure(other.list(configMaps))).toMatchObject({ code: 'KubeUnauthorized' });
    expect(refreshed).toEqual([false, true, false, true]);
    await other.close();
  });
});

describe('watch', () => {
  const open = (version = '0') => client.watch(configMaps, { resourceVersion: version, timeoutSeconds: 5 });
  const first = async (version?: string) => {
    for await (const event of await open(version)) return event;
    return undefined;
  };

  test('a version that is too old is told as 410', async () => {
    await client.create(configMaps, configMap('a'));
    server.database.compact();
    expect(isGone(await failure(first('1')))).toBe(true);
  });

  test.each([
    ['not JSON', '{"type":"ADDED","obj\n'],
    ['no event', '{"kind":"Status"}\n'],
    ['no version', '{"type":"ADDED","object":{"metadata":{}}}\n'],
    ['null', 'null\n'],
  ])('a line that is %s is a protocol error', async (_, text) => {
    server.faults.add(rawWatch(text));
    expect(await failure(first())).toMatchObject({ code: 'WatchProtocol' });
  });

  test('a line that is cut off is a broken connection, not an end', async () => {
    server.faults.add(rawWatch('{"type":"ADDED"'));
    expect(await failure(first())).toMatchObject({ code: 'KubeConnectionFailed' });
  });
});
