import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type ContainerContext, type RunningContainer, runCheck, runContainer, systemClock, VERSION } from '@motif/kit';
import { createEventRecorder, createKubeClient } from '@motif/kube';
import { connect } from './connection.ts';
import { createControllers } from './controllers.ts';
import { fencedClient, LeaderElector, Manager, RuntimeMetrics } from './runtime/index.ts';
import { settings as definition } from './settings.ts';

/** The controller process, or with `check URL` a question to another one: wiring only. */
if (process.argv[2] === 'check') {
  process.exitCode = await runCheck({ url: process.argv[3], clock: systemClock, write: console.log });
} else {
  await runContainer({ version: VERSION, settings: definition, start });
}

async function start(context: ContainerContext<typeof definition.settings>): Promise<RunningContainer> {
  const { settings, logger, clock, random, registry, checks } = context;
  const connection = await connect(process.env, clock);
  const metrics = new RuntimeMetrics(registry);
  const userAgent = `motif-operator/${VERSION}`;
  const shared = { connection, clock, random, userAgent, observe: metrics.observeCall };
  const reader = createKubeClient(shared);
  // Renewals must not wait behind other calls.
  const leaseClient = createKubeClient({ ...shared, connections: 2 });
  const instance = settings.POD_NAME ?? hostname();
  const elector = new LeaderElector({
    client: leaseClient,
    clock,
    random,
    logger,
    namespace: settings.POD_NAMESPACE ?? connection.namespace,
    name: settings.LEASE_NAME,
    identity: `${instance}_${randomUUID()}`,
    times: {
      leaseMs: settings.LEASE_DURATION,
      renewDeadlineMs: settings.LEASE_RENEW_DEADLINE,
      retryMs: settings.LEASE_RETRY_PERIOD,
    },
    onChange: (leads) => metrics.leading(settings.LEASE_NAME, leads),
  });
  metrics.leading(settings.LEASE_NAME, false);
  const client = fencedClient(reader, elector);
  const recorder = createEventRecorder({ client, clock, logger, controller: 'motif.dev/operator', instance });
  const manager = new Manager({ clock, logger, metrics, newId: randomUUID, elector });
  const controllers = createControllers({
    client,
    reader,
    clock,
    random,
    logger,
    recorder,
    namespaces: settings.WATCH_NAMESPACES ?? [],
    workers: settings.WORKERS,
    dataPlane: { registry: settings.DATA_PLANE_REGISTRY, version: settings.DATA_PLANE_VERSION ?? VERSION },
    observer: metrics.informerObserver,
  });
  for (const controller of controllers) manager.add(controller);
  Object.assign(checks, manager.readiness);
  const stop = new AbortController();
  const running = manager.run(stop.signal);
  running.catch((error: unknown) => context.fail(error));
  return {
    drain: async (deadline) => {
      stop.abort();
      // A failure has been told already: it is why the process drains.
      await running.catch(() => {});
      await recorder.flush(deadline);
      await Promise.all([reader.close(), leaseClient.close()]);
    },
  };
}
