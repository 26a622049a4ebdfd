import { Counter, Gauge, Histogram, type Registry } from '@motif/kit';
import { type CallObservation, type InformerObserver, resourceName } from '@motif/kube';
import type { QueueObserver } from './work-queue.ts';

/** How a pass can end; the values of `result` in controller-runtime's metrics. */
export type PassResult = 'success' | 'error' | 'requeue' | 'requeue_after';
const PASS_RESULTS: readonly PassResult[] = ['success', 'error', 'requeue', 'requeue_after'];

/** Buckets of controller-runtime's `reconcile_time_seconds`, thinned. */
const PASS_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** Powers of ten, as client-go's work queue has them. */
const QUEUE_BUCKETS = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100, 1000];
const CALL_BUCKETS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];

/** What a controller's workers report. */
export interface ControllerMetrics {
  readonly queue: QueueObserver;
  passStarted(): void;
  passEnded(result: PassResult, durationMs: number): void;
  terminalError(): void;
  panic(): void;
  timedOut(): void;
}

/**
 * The metrics of the operator under controller-runtime's and client-go's names, so that existing dashboards work, and a few of our own for
 * what those do not have. All label sets are there from the start, at 0.
 */
export class RuntimeMetrics {
  readonly #controllers;
  readonly #queues;
  readonly #calls;
  readonly #informers;
  readonly #leader;

  constructor(registry: Registry) {
    this.#controllers = controllerMetrics(registry);
    this.#queues = queueMetrics(registry);
    this.#calls = callMetrics(registry);
    this.#informers = informerMetrics(registry);
    this.#leader = new Gauge({
      name: 'leader_election_master_status',
      help: 'Whether this process holds the lease (1) or not (0).',
      labelNames: ['name'],
      registers: [registry],
    });
  }

  /** The metrics of one controller. `activeSince` gives the monotonic times at which its running passes began. */
  controller(
    name: string,
    workers: number,
    activeSince: () => readonly number[],
    monotonic: () => number,
  ): ControllerMetrics {
    const { passes, errors, terminal, panics, timeouts, time, max, active } = this.#controllers;
    const controller = { controller: name };
    for (const result of PASS_RESULTS) passes.inc({ ...controller, result }, 0);
    for (const counter of [errors, terminal, panics, timeouts]) counter.inc(controller, 0);
    time.zero(controller);
    max.set(controller, workers);
    active.set(controller, 0);
    return {
      queue: this.#queue(name, activeSince, monotonic),
      passStarted: () => active.inc(controller),
      passEnded(result, durationMs) {
        active.dec(controller);
        passes.inc({ ...controller, result });
        if (result === 'error') errors.inc(controller);
        time.observe(controller, durationMs / 1000);
      },
      terminalError: () => terminal.inc(controller),
      panic: () => panics.inc(controller),
      timedOut: () => timeouts.inc(controller),
    };
  }

  /** For `rest_client_*`. */
  readonly observeCall = ({ code, method, host, durationMs }: CallObservation): void => {
    this.#calls.requests.inc({ code, method, host });
    this.#calls.duration.observe({ verb: method, host }, durationMs / 1000);
  };

  readonly informerObserver: InformerObserver = {
    listed: (resource) => this.#informers.lists.inc({ resource: resourceName(resource) }),
    failed: (resource, kind) => this.#informers.failures.inc({ resource: resourceName(resource), kind }),
    state: (resource, { size, suspect }) => {
      this.#informers.objects.set({ resource: resourceName(resource) }, size);
      this.#informers.suspect.set({ resource: resourceName(resource) }, suspect ? 1 : 0);
    },
    handlerFailed: () => this.#informers.handlerFailures.inc(),
  };

  /** Starts the series of a resource that is watched. */
  watching(resource: string): void {
    const { lists, failures, objects, suspect } = this.#informers;
    lists.inc({ resource }, 0);
    for (const kind of FAILURE_KINDS) failures.inc({ resource, kind }, 0);
    objects.set({ resource }, 0);
    suspect.set({ resource }, 0);
  }

  leading(name: string, leads: boolean): void {
    this.#leader.set({ name }, leads ? 1 : 0);
  }

  #queue(name: string, activeSince: () => readonly number[], monotonic: () => number): QueueObserver {
    const labels = { name, controller: name };
    const { depth, adds, queued, work, retries, unfinished, longest } = this.#queues;
    depth.set(labels, 0);
    for (const counter of [adds, retries]) counter.inc(labels, 0);
    for (const histogram of [queued, work]) histogram.zero(labels);
    const seconds = () => activeSince().map((since) => (monotonic() - since) / 1000);
    unfinished.follow(labels, () => seconds().reduce((sum, one) => sum + one, 0));
    longest.follow(labels, () => Math.max(0, ...seconds()));
    return {
      added: () => adds.inc(labels),
      retried: () => retries.inc(labels),
      depth: (value) => depth.set(labels, value),
      started: (ms) => queued.observe(labels, ms / 1000),
      finished: (ms) => work.observe(labels, ms / 1000),
    };
  }
}

const FAILURE_KINDS = ['gone', 'notFound', 'protocol', 'silent', 'other'] as const;

type Labels = Record<string, string>;

/** A gauge whose values are computed when it is read. */
function followingGauge(registry: Registry, name: string, help: string) {
  const sources: { labels: Labels; read: () => number }[] = [];
  new Gauge({
    name,
    help,
    labelNames: ['name', 'controller'],
    registers: [registry],
    collect() {
      for (const { labels, read } of sources) this.set(labels, read());
    },
  });
  return { follow: (labels: Labels, read: () => number) => void sources.push({ labels, read }) };
}

function controllerMetrics(registry: Registry) {
  const labelNames = ['controller'] as const;
  const registers = [registry];
  const prefix = 'controller_runtime';
  const counter = (name: string, help: string) =>
    new Counter({ name: `${prefix}_${name}`, help, labelNames, registers });
  const gauge = (name: string, help: string) => new Gauge({ name: `${prefix}_${name}`, help, labelNames, registers });
  return {
    passes: new Counter({
      name: `${prefix}_reconcile_total`,
      help: 'Passes by controller and result.',
      labelNames: ['controller', 'result'],
      registers,
    }),
    errors: counter('reconcile_errors_total', 'Passes that failed.'),
    terminal: counter('terminal_reconcile_errors_total', 'Passes that failed for good.'),
    panics: counter('reconcile_panics_total', 'Passes that failed with a programming error.'),
    timeouts: counter('reconcile_timeouts_total', 'Passes that did not end in time.'),
    time: new Histogram({
      name: `${prefix}_reconcile_time_seconds`,
      help: 'Length of a pass.',
      labelNames,
      registers,
      buckets: PASS_BUCKETS,
    }),
    max: gauge('max_concurrent_reconciles', 'Workers of a controller.'),
    active: gauge('active_workers', 'Workers that are in a pass.'),
  };
}

function queueMetrics(registry: Registry) {
  const labelNames = ['name', 'controller'] as const;
  const base = { labelNames, registers: [registry] };
  const buckets = QUEUE_BUCKETS;
  return {
    depth: new Gauge({ ...base, name: 'workqueue_depth', help: 'Keys that may be taken now.' }),
    adds: new Counter({ ...base, name: 'workqueue_adds_total', help: 'Adds.' }),
    retries: new Counter({ ...base, name: 'workqueue_retries_total', help: 'Retries.' }),
    queued: new Histogram({ ...base, buckets, name: 'workqueue_queue_duration_seconds', help: 'Time in the queue.' }),
    work: new Histogram({ ...base, buckets, name: 'workqueue_work_duration_seconds', help: 'Time with a worker.' }),
    unfinished: followingGauge(registry, 'workqueue_unfinished_work_seconds', 'Time of the passes that run, together.'),
    longest: followingGauge(
      registry,
      'workqueue_longest_running_processor_seconds',
      'Time of the longest pass that runs.',
    ),
  };
}

function callMetrics(registry: Registry) {
  const registers = [registry];
  return {
    requests: new Counter({
      name: 'rest_client_requests_total',
      help: 'Calls to the API server, each attempt.',
      labelNames: ['code', 'method', 'host'],
      registers,
    }),
    duration: new Histogram({
      name: 'rest_client_request_duration_seconds',
      help: 'Length of calls to the API server; of watches, until they were answered.',
      labelNames: ['verb', 'host'],
      buckets: CALL_BUCKETS,
      registers,
    }),
  };
}

function informerMetrics(registry: Registry) {
  const registers = [registry];
  const labelNames = ['resource'] as const;
  return {
    lists: new Counter({ name: 'motif_watch_lists_total', help: 'Whole lists taken in.', labelNames, registers }),
    failures: new Counter({
      name: 'motif_watch_failures_total',
      help: 'Lists and watches that failed, by kind of failure.',
      labelNames: ['resource', 'kind'],
      registers,
    }),
    objects: new Gauge({ name: 'motif_cache_objects', help: 'Objects in the cache.', labelNames, registers }),
    suspect: new Gauge({
      name: 'motif_cache_suspect',
      help: 'Whether a list said that most is gone and is not believed yet.',
      labelNames,
      registers,
    }),
    handlerFailures: new Counter({
      name: 'motif_cache_handler_failures_total',
      help: 'Handlers that threw.',
      registers,
    }),
  };
}
