import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

export interface RegistryOptions {
  /** The container's short name, such as `sharding`. */
  readonly component: string;
  readonly version: string;
}

/**
 * The registry of a process: build information, prom-client's process and Node.js metrics (CPU, memory, open files, garbage collection,
 * `nodejs_eventloop_lag_*`), and whatever the process adds.
 */
export function createRegistry({ component, version }: RegistryOptions): Registry {
  const registry = new Registry();
  // 20 ms: fine enough to see a blocked loop, and half the wake-ups of the default.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 });
  new Gauge({
    name: 'motif_build_info',
    help: 'Always 1; the labels say what runs.',
    labelNames: ['component', 'version', 'node'],
    registers: [registry],
  }).set({ component, version, node: process.versions.node }, 1);
  return registry;
}
