import { randomUUID } from 'node:crypto';
import { cluster } from '@motif/cluster/testing';
import { createRegistry, type Logger, silentLogger, systemClock, systemRandom } from '@motif/kit';
import { createEventRecorder, createKubeClient, type KubeClient, kubeconfigConnection } from '@motif/kube';
import { createControllers } from '@motif/operator/controllers';
import { Manager, RuntimeMetrics } from '@motif/operator/runtime/index';

export interface OperatorOptions {
  readonly namespace: string;
  /** Makes the client of the passes another one: one that counts, fails or crashes. */
  readonly wrap?: (client: KubeClient) => KubeClient;
  /** The same for the client of the caches. */
  readonly wrapReader?: (client: KubeClient) => KubeClient;
  readonly resyncMs?: number;
  readonly version?: string;
  readonly logger?: Logger;
}

/** The operator's controllers in this process, without a lease, serving one namespace. */
export interface TestOperator {
  stop(): Promise<void>;
}

export async function connectClient(): Promise<KubeClient> {
  const connection = await kubeconfigConnection({ clock: systemClock, path: cluster.kubeconfig });
  return createKubeClient({ connection, clock: systemClock, random: systemRandom, userAgent: 'motif-e2e' });
}

export async function startOperator(options: OperatorOptions): Promise<TestOperator> {
  const { namespace, wrap = same, wrapReader = same, logger = silentLogger(), version = '0.1.0' } = options;
  const raw = await connectClient();
  const client = wrap(raw);
  const clock = systemClock;
  const recorder = createEventRecorder({
    client: raw,
    clock,
    logger,
    controller: 'motif.dev/operator',
    instance: 'e2e',
  });
  const metrics = new RuntimeMetrics(createRegistry({ component: 'operator', version }));
  const resync = options.resyncMs === undefined ? {} : { resyncMs: options.resyncMs };
  const manager = new Manager({ clock, logger, metrics, newId: randomUUID, ...resync });
  const controllers = createControllers({
    client,
    reader: wrapReader(raw),
    clock,
    random: systemRandom,
    logger,
    recorder,
    namespaces: [namespace],
    workers: 2,
    dataPlane: { registry: 'motif', version },
  });
  for (const controller of controllers) manager.add(controller);
  const stop = new AbortController();
  const running = manager.run(stop.signal);
  return {
    async stop() {
      stop.abort();
      await running;
      await recorder.flush();
      await raw.close();
    },
  };
}

const same = (client: KubeClient): KubeClient => client;
