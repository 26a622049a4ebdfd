import { afterEach, expect, test, vi } from 'vitest';
import { statusOf } from './testing/raw-client.ts';
import { HttpScene } from './testing/scene.ts';
import { type BackendBehaviour, echo } from './testing/scripted-backend.ts';

const PATIENCE = { timeout: 15_000, interval: 10 };
const scenes: HttpScene[] = [];

afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

/** Two replicas that have answered so often that their latency is known. */
async function warm(): Promise<HttpScene> {
  const failure = { onDeadShard: 'Fail', ejectAfter: 50, retryAfter: '5s', timeout: '5s', onReturn: 'Serve' } as const;
  const scene = await HttpScene.open({
    shards: [[echo, echo]],
    topology: { hedge: { afterPercentile: 90, budgetPercent: 50 }, failure },
  });
  scenes.push(scene);
  const client = await scene.client();
  for (let i = 0; i < 300; i++) await client.ask(scene.head(0));
  return scene;
}

/** Makes both replicas behave so, and forget what they received. */
function behave(scene: HttpScene, ...behaviours: [BackendBehaviour, BackendBehaviour]): void {
  for (const [i, backend] of (scene.backends[0] ?? []).entries()) {
    backend.behave = behaviours[i] as BackendBehaviour;
    backend.received.length = 0;
  }
}

const received = (scene: HttpScene): number[] => (scene.backends[0] ?? []).map((one) => one.received.length);

test('a replica that is late: the other one answers, and the first is cancelled', async () => {
  const scene = await warm();
  const client = await scene.client();
  behave(scene, () => {}, echo);
  for (let i = 0; i < 10; i++) {
    const answer = await client.ask(scene.head(0).replace('/path', `/${i}`));
    expect(answer.body).toBe(`GET /${i} HTTP/1.1|`);
  }
  const [first = 0, second = 0] = received(scene);
  expect(second).toBe(10);
  expect(first).toBeGreaterThan(0);
  await vi.waitFor(() => expect(scene.server.proxy?.active.length).toBe(0), PATIENCE);
  expect(scene.server.proxy?.routing.shards[0]?.endpoints.map(({ inFlight }) => inFlight)).toEqual([0, 0]);
});

test('POST is asked of one replica only', async () => {
  const scene = await warm();
  const client = await scene.client();
  const late: BackendBehaviour = (request, connection) => setTimeout(() => echo(request, connection), 100);
  behave(scene, late, late);
  for (let i = 0; i < 5; i++)
    expect(statusOf(await client.ask(`${scene.head(0, 'POST', 'content-length: 1\r\n')}a`))).toBe(200);
  expect(received(scene).reduce((a, b) => a + b)).toBe(5);
});

test('an answer that says that the replica does not work waits for the other one', async () => {
  const scene = await warm();
  const client = await scene.client();
  const unwell: BackendBehaviour = (_request, connection) => {
    setTimeout(() => connection.say('HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n'), 50);
  };
  const late: BackendBehaviour = (request, connection) => setTimeout(() => echo(request, connection), 150);
  behave(scene, unwell, late);
  for (let i = 0; i < 5; i++) expect(statusOf(await client.ask(scene.head(0)))).toBe(200);
});
