import { afterEach, expect, test, vi } from 'vitest';
import { statusOf } from './testing/raw-client.ts';
import { HttpScene, type SceneOptions } from './testing/scene.ts';
import type { BackendConnection } from './testing/scripted-backend.ts';
import { echo, ok } from './testing/scripted-backend.ts';

const PATIENCE = { timeout: 15_000, interval: 10 };
const scenes: HttpScene[] = [];

afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

/** A shard whose answers wait until they are let go, and clients. */
async function held(count: number, options: Partial<SceneOptions> = {}) {
  const waiting: BackendConnection[] = [];
  const scene = await HttpScene.open({ shards: [(_request, connection) => waiting.push(connection)], ...options });
  scenes.push(scene);
  const clients = await Promise.all(Array.from({ length: count }, () => scene.client()));
  const letGo = (): void => {
    for (const connection of waiting.splice(0)) connection.say(ok('done'));
  };
  return { scene, clients, waiting, letGo };
}

test('what was used last is used next, and what is not needed ends', async () => {
  const { scene, clients, waiting, letGo } = await held(5, { limits: { upstreamIdleMs: 400 } });
  const answers = clients.map((client) => client.ask(scene.head(0)));
  await vi.waitFor(() => expect(waiting.length).toBe(5), PATIENCE);
  letGo();
  expect((await Promise.all(answers)).map(statusOf)).toEqual([200, 200, 200, 200, 200]);
  expect(scene.backend(0).open.size).toBe(5);
  scene.backend(0).behave = echo;
  const [client] = clients;
  await vi.waitFor(async () => {
    expect(statusOf((await client?.ask(scene.head(0))) as never)).toBe(200);
    expect(scene.backend(0).open.size).toBe(1);
  }, PATIENCE);
  expect(scene.backend(0).connections).toBe(5);
});

test('above the limit of connections to an endpoint: 503, and the others are answered', async () => {
  const { scene, clients, waiting, letGo } = await held(3, { limits: { connectionsPerEndpoint: 2 } });
  const [first, second, third] = clients.map((client) => client.ask(scene.head(0)));
  const refused = await Promise.race([first, second, third]);
  expect([refused && statusOf(refused), refused?.headers['x-motif-error']]).toEqual([503, 'Overloaded']);
  await vi.waitFor(() => expect(waiting.length).toBe(2), PATIENCE);
  letGo();
  const all = await Promise.all([first, second, third]);
  expect(all.map((answer) => answer && statusOf(answer)).sort()).toEqual([200, 200, 503]);
});

test('above the limit of requests under way: 503 with Retry-After', async () => {
  const { scene, clients, waiting, letGo } = await held(4, { limits: { inFlight: 3 } });
  const answers = clients.map((client) => client.ask(scene.head(0)));
  const refused = await Promise.race(answers);
  expect([statusOf(refused), refused.headers['retry-after']]).toEqual([503, '1']);
  await vi.waitFor(() => expect(waiting.length).toBe(3), PATIENCE);
  letGo();
  await Promise.all(answers);
});
