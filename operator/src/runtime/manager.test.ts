import { createRegistry, silentLogger, systemClock } from '@motif/kit';
import { createInformer, type KubeClient, type KubeObject, keyOf } from '@motif/kube';
import { FakeApiServer, fakeClient, testDependencies, widgets } from '@motif/kube/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TerminalError } from './errors.ts';
import { LeaderElector } from './leader.ts';
import { Manager, type ManagerOptions } from './manager.ts';
import { RuntimeMetrics } from './metrics.ts';
import type { Controller, PassContext } from './types.ts';

let server: FakeApiServer;
let client: KubeClient;
let stop: AbortController;
const registry = () => createRegistry({ component: 'test', version: '0' });

beforeEach(async () => {
  server = await FakeApiServer.start({ resources: [widgets] });
  client = fakeClient(server);
  stop = new AbortController();
});

afterEach(async () => {
  stop.abort();
  await client.close();
  await server.stop();
});

const widget = (name: string): KubeObject => ({
  apiVersion: 'test.motif.dev/v1',
  kind: 'Widget',
  metadata: { namespace: 'shop', name },
});

type Reconcile = Controller['reconcile'];

function setUp(
  reconcile: Reconcile,
  more: { controller?: Partial<Controller>; manager?: Partial<ManagerOptions> } = {},
) {
  const informer = createInformer({ client, resource: widgets, ...testDependencies });
  const metricsRegistry = registry();
  const metrics = new RuntimeMetrics(metricsRegistry);
  let passes = 0;
  const newId = () => `pass-${++passes}`;
  const manager = new Manager({ clock: systemClock, logger: silentLogger(), metrics, newId, ...more.manager });
  const keys = (event: { object: KubeObject }) => [keyOf(event.object)];
  manager.add({ name: 'widget', watches: [{ informer, keys }], reconcile, ...more.controller });
  return { manager, informer, metricsRegistry };
}

describe('Manager', () => {
  test('looks at every object there is, and at each change', async () => {
    await client.create(widgets, widget('a'));
    const seen: string[] = [];
    const { manager } = setUp(async (key) => {
      seen.push(key);
      return {};
    });
    const running = manager.run(stop.signal);
    await vi.waitFor(() => expect(seen).toEqual(['shop/a']));
    await client.create(widgets, widget('b'));
    await vi.waitFor(() => expect(seen).toEqual(['shop/a', 'shop/b']));
    stop.abort();
    await running;
  });

  test('comes again after a failure, not after a terminal one, and after the time asked for', async () => {
    const failures: Record<string, number[]> = { 'shop/fails': [], 'shop/terminal': [], 'shop/later': [] };
    for (const key of Object.keys(failures)) await client.create(widgets, widget(key.slice(5)));
    const { manager, metricsRegistry } = setUp(async (key, context) => {
      failures[key]?.push(context.failures);
      if (key === 'shop/fails' && context.failures < 3) throw new Error('not yet');
      if (key === 'shop/terminal') throw new TerminalError('never');
      return key === 'shop/later' && failures[key]?.length === 1 ? { requeueAfterMs: 20 } : {};
    });
    const running = manager.run(stop.signal);
    await vi.waitFor(() =>
      expect(failures).toEqual({ 'shop/fails': [0, 1, 2, 3], 'shop/terminal': [0], 'shop/later': [0, 0] }),
    );
    stop.abort();
    await running;
    const text = await metricsRegistry.metrics();
    expect(text).toContain('controller_runtime_reconcile_total{controller="widget",result="error"} 4');
    expect(text).toContain('controller_runtime_terminal_reconcile_errors_total{controller="widget"} 1');
    expect(text).toContain('controller_runtime_reconcile_total{controller="widget",result="requeue_after"} 1');
    expect(text).toContain('workqueue_retries_total{name="widget",controller="widget"} 3');
  });

  test('a pass over its time is told so by its signal, counted, and comes again', async () => {
    await client.create(widgets, widget('a'));
    let passes = 0;
    const reconcile: Reconcile = async (_key, { signal }) => {
      if (++passes === 1)
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      return {};
    };
    const { manager, metricsRegistry } = setUp(reconcile, { controller: { passTimeoutMs: 20 } });
    const running = manager.run(stop.signal);
    await vi.waitFor(() => expect(passes).toBe(2));
    stop.abort();
    await running;
    expect(await metricsRegistry.metrics()).toContain(
      'controller_runtime_reconcile_timeouts_total{controller="widget"} 1',
    );
  });

  test('at a clean stop the pass that runs ends, and the lease is given back after it', async () => {
    await client.create(widgets, widget('a'));
    const order: string[] = [];
    let context: PassContext | undefined;
    let finish = () => {};
    const { manager } = setUp(
      async (_key, given) => {
        context = given;
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        order.push('pass ended');
        return {};
      },
      { manager: { elector: elector('one', (leads) => order.push(leads ? 'leads' : 'gave back')) } },
    );
    const running = manager.run(stop.signal);
    await vi.waitFor(() => expect(context).toBeDefined());
    stop.abort();
    await new Promise((resolve) => setImmediate(resolve));
    expect(context?.signal.aborted).toBe(false);
    finish();
    await running;
    expect(order).toEqual(['leads', 'pass ended', 'gave back']);
  });

  test('a pass that does not end at a stop is broken off after the time for it', async () => {
    await client.create(widgets, widget('a'));
    let [started, broken] = [false, false];
    const reconcile: Reconcile = async (_key, { signal }) => {
      started = true;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      broken = true;
      return {};
    };
    const { manager } = setUp(reconcile, { manager: { drainMs: 20 } });
    const running = manager.run(stop.signal);
    await vi.waitFor(() => expect(started).toBe(true));
    stop.abort();
    await running;
    expect(broken).toBe(true);
  });

  test('the loss of the lease breaks passes off and ends the run with an error', async () => {
    await client.create(widgets, widget('a'));
    let signal: AbortSignal | undefined;
    const one = elector('one', () => {}, { leaseMs: 300, renewDeadlineMs: 200, retryMs: 50 });
    const { manager } = setUp(
      async (_key, given) => {
        signal = given.signal;
        return new Promise(() => {});
      },
      { manager: { elector: one } },
    );
    const running = manager.run(stop.signal).catch((error: unknown) => error);
    await vi.waitFor(() => expect(signal).toBeDefined());
    server.faults.add(({ resource }) => resource === 'leases.coordination.k8s.io');
    expect(await running).toMatchObject({ code: 'LeadershipLost' });
    expect(signal?.aborted).toBe(true);
  });

  test('a standby fills its caches and is ready, but passes nothing', async () => {
    await client.create(widgets, widget('a'));
    const first = elector('first');
    await first.acquire(stop.signal);
    let passes = 0;
    const { manager, informer } = setUp(
      async () => {
        passes++;
        return {};
      },
      { manager: { elector: elector('second') } },
    );
    const running = manager.run(stop.signal);
    expect(await manager.readiness.caches?.()).toMatchObject({ ok: false, reason: /widgets\.test\.motif\.dev/ });
    await vi.waitFor(async () => expect(await manager.readiness.caches?.()).toEqual({ ok: true }));
    expect([informer.store.size, passes]).toEqual([1, 0]);
    stop.abort();
    await running;
    expect(passes).toBe(0);
  });

  test('gives up when the first lists do not come in time, and names them', async () => {
    server.faults.add(() => true);
    const { manager } = setUp(async () => ({}), { manager: { syncMs: 50 } });
    await expect(manager.run(stop.signal)).rejects.toThrow(
      /no complete list of widgets\.test\.motif\.dev within 50 ms/,
    );
  });
});

function elector(identity: string, onChange: (leads: boolean) => void = () => {}, times = {}): LeaderElector {
  return new LeaderElector({
    client,
    ...testDependencies,
    namespace: 'motif',
    name: 'lease',
    identity,
    onChange,
    times,
  });
}

test('metrics: every label set is there from the start, under controller-runtime’s names', async () => {
  const { metricsRegistry } = setUp(async () => ({}));
  const text = await metricsRegistry.metrics();
  for (const result of ['success', 'error', 'requeue', 'requeue_after']) {
    expect(text).toContain(`controller_runtime_reconcile_total{controller="widget",result="${result}"} 0`);
  }
  const names = [
    'reconcile_errors_total',
    'terminal_reconcile_errors_total',
    'reconcile_panics_total',
    'active_workers',
  ];
  for (const name of names) expect(text).toContain(`controller_runtime_${name}{controller="widget"} 0`);
  expect(text).toContain('controller_runtime_max_concurrent_reconciles{controller="widget"} 4');
  expect(text).toContain('controller_runtime_reconcile_time_seconds_count{controller="widget"} 0');
  const labels = 'name="widget",controller="widget"';
  for (const name of [
    'depth',
    'adds_total',
    'retries_total',
    'unfinished_work_seconds',
    'longest_running_processor_seconds',
  ]) {
    expect(text).toContain(`workqueue_${name}{${labels}} 0`);
  }
  for (const name of ['queue', 'work']) expect(text).toContain(`workqueue_${name}_duration_seconds_count{${labels}} 0`);
});
