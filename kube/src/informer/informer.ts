import { type BackoffOptions, backoffDelay, type Clock, type Logger, type Random } from '@motif/kit';
import { FIELD_MANAGER, PAGE_SIZE } from '../client/client.ts';
import type { KubeClient, KubeList, Selection } from '../client/types.ts';
import type { KubeObject } from '../object.ts';
import { type ResourceRef, resourceName } from '../resource.ts';
import { Store } from '../store/store.ts';
import type { Indexers, StoreEvent } from '../store/types.ts';
import {
  firstStep,
  MACHINE_DEFAULTS,
  type MachineOptions,
  step,
  type WatchInput,
  type WatchNext,
} from '../watch/machine.ts';
import { failureOf, OpenStream } from './open-stream.ts';
import { Subscribers } from './subscribers.ts';
import { trim } from './trim.ts';
import type { Informer, InformerObserver, Suspicion } from './types.ts';

export interface InformerOptions<T extends KubeObject> extends Selection {
  readonly client: KubeClient;
  readonly resource: ResourceRef;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Labels that the store's `byLabel` answers for. */
  readonly labels?: readonly string[];
  readonly indexers?: Indexers<T>;
  /** Makes objects smaller before they are kept (a pod's status only, say). May change and return its argument. */
  readonly transform?: (object: T) => T;
  readonly machine?: Partial<MachineOptions>;
  readonly timing?: Partial<WatchTiming>;
  readonly backoff?: BackoffOptions;
  readonly observer?: InformerObserver;
}

/** How a watch that nobody ends is found out: see docs/decisions/2026-11-21-watch-liveness.md. */
export interface WatchTiming {
  /** The API server is asked to end each watch after this many seconds, plus up to `jitterSeconds`. */
  readonly seconds: number;
  readonly jitterSeconds: number;
  /** A watch that has not ended this long (ms) after its time is given up as half open. */
  readonly graceMs: number;
}

/** 20 to 25 s and 4 s more: a dead connection is found within 29 s, whatever made it silent. */
export const WATCH_TIMING: WatchTiming = { seconds: 20, jitterSeconds: 5, graceMs: 4_000 };

/** kube-rs' figures: 0.8 s, doubling to 30 s. */
export const WATCH_BACKOFF: BackoffOptions = { baseMs: 800, capMs: 30_000 };

/** Makes an informer; nothing happens before `run`. */
export function createInformer<T extends KubeObject = KubeObject>(options: InformerOptions<T>): Informer<T> {
  return new WatchingInformer<T>(options);
}

class WatchingInformer<T extends KubeObject> implements Informer<T> {
  readonly resource: ResourceRef;
  readonly store: Store<T>;
  readonly #options: InformerOptions<T>;
  readonly #machine: MachineOptions;
  readonly #timing: WatchTiming;
  readonly #logger: Logger;
  readonly #subscribers: Subscribers<T>;
  #stream: OpenStream<T> | undefined;
  #synced = false;
  #suspicion: Suspicion | undefined;

  constructor(options: InformerOptions<T>) {
    this.#options = options;
    this.resource = options.resource;
    this.store = new Store<T>({ labels: options.labels, indexers: options.indexers });
    this.#machine = { ...MACHINE_DEFAULTS, ...options.machine };
    this.#timing = { ...WATCH_TIMING, ...options.timing };
    this.#logger = options.logger.child({ resource: resourceName(options.resource) });
    this.#subscribers = new Subscribers<T>(this.#logger, options.observer);
  }

  get synced(): boolean {
    return this.#synced;
  }

  get suspicion(): Suspicion | undefined {
    return this.#suspicion;
  }

  subscribe(handler: (event: StoreEvent<T>) => void): () => void {
    const events = this.store.list().map((object) => ({ type: 'added', object, initial: true }) as const);
    return this.#subscribers.add(handler, events);
  }

  resync(): void {
    for (const object of this.store.list()) {
      this.#subscribers.publish([{ type: 'updated', object, previous: object, initial: true }]);
    }
  }

  waitForSync(signal: AbortSignal): Promise<void> {
    return this.#subscribers.whenSynced(() => this.#synced, signal);
  }

  async run(signal: AbortSignal): Promise<void> {
    let { state, next } = firstStep();
    try {
      while (!signal.aborted) {
        const input = await this.#await(next, signal);
        if (input === undefined) break;
        const before = state.kind;
        const done = step(state, input, this.#machine);
        for (const effect of done.effects) this.#carryOut(effect);
        if (done.next.kind !== 'read') this.#closeStream();
        this.#report(before, done.state.kind, input);
        ({ state, next } = done);
      }
    } finally {
      this.#closeStream();
    }
  }

  /** Does the one thing that gives the next input; undefined once the signal has fired. */
  async #await(next: WatchNext, signal: AbortSignal): Promise<WatchInput | undefined> {
    const { clock, random, backoff = WATCH_BACKOFF } = this.#options;
    try {
      switch (next.kind) {
        case 'pause':
          await clock.sleep(Math.max(next.atLeastMs, 0) + backoffDelay(next.attempt, backoff, random), signal);
          return { kind: 'timer' };
        case 'pauseFor':
          await clock.sleep(next.ms, signal);
          return { kind: 'timer' };
        case 'list':
          return await this.#list(next.more, next.whole, signal);
        case 'open':
          return await this.#open(next.version, signal);
        case 'read':
          return await this.#read();
      }
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  async #list(more: string | undefined, whole: boolean, signal: AbortSignal): Promise<WatchInput | undefined> {
    const { client, clock, namespace, labelSelector, fieldSelector } = this.#options;
    const limit = whole ? undefined : PAGE_SIZE;
    try {
      // The machine has a back-off of its own: retries below it would make a storm of it.
      const selection = { namespace, labelSelector, fieldSelector, retry: false };
      const page: KubeList<T> = await client.list<T>(this.resource, { ...selection, limit, continue: more, signal });
      const items = page.items.map((object) => this.#take(object));
      const version = page.resourceVersion;
      return { kind: 'page', items, version, more: page.continue, known: this.store.size, now: clock.now() };
    } catch (error) {
      if (signal.aborted) return undefined;
      return { kind: 'listFailed', failure: failureOf(error), known: this.store.size, now: clock.now() };
    }
  }

  async #open(version: string, signal: AbortSignal): Promise<WatchInput | undefined> {
    const { client, clock, random, namespace, labelSelector, fieldSelector } = this.#options;
    const { seconds, jitterSeconds, graceMs } = this.#timing;
    const timeoutSeconds = Math.round(seconds + random() * jitterSeconds);
    const stream = new OpenStream<T>(signal);
    this.#stream = stream;
    try {
      const selection = { namespace, labelSelector, fieldSelector, retry: false };
      const options = { ...selection, resourceVersion: version, timeoutSeconds, timeoutMs: 10_000 };
      const events = await client.watch<T>(this.resource, { ...options, signal: stream.signal });
      const at = clock.monotonic();
      stream.start(events, clock, timeoutSeconds * 1000 + graceMs);
      return { kind: 'opened', at };
    } catch (error) {
      if (signal.aborted) return undefined;
      return { kind: 'watchFailed', failure: failureOf(error), at: clock.monotonic() };
    }
  }

  async #read(): Promise<WatchInput | undefined> {
    const { clock } = this.#options;
    const stream = this.#stream;
    if (stream === undefined) throw new TypeError('no watch is open');
    try {
      const event = await stream.next();
      if (event === undefined) return { kind: 'ended', at: clock.monotonic() };
      if (event.type === 'BOOKMARK')
        return { kind: 'bookmark', version: String(event.object.metadata.resourceVersion) };
      const object = this.#take(event.object);
      return { kind: event.type === 'DELETED' ? 'deleted' : 'changed', object };
    } catch (error) {
      if (stream.abandoned) return undefined;
      return { kind: 'watchFailed', failure: failureOf(error), at: clock.monotonic() };
    }
  }

  #take(object: T): T {
    trim(object, FIELD_MANAGER);
    return this.#options.transform?.(object) ?? object;
  }

  // The machine knows only objects of this informer's own lists and watches, so that the casts below hold.
  #carryOut(effect: ReturnType<typeof step>['effects'][number]): void {
    switch (effect.kind) {
      case 'swap': {
        const events = this.store.replace(effect.items as readonly T[]);
        this.#suspicion = undefined;
        this.#synced = true;
        this.#subscribers.publish(events);
        this.#subscribers.synced();
        return;
      }
      case 'apply':
        this.#subscribers.publish(this.store.apply(effect.object as T));
        return;
      case 'remove':
        this.#subscribers.publish(this.store.remove(effect.object as T));
        return;
      case 'doubt':
        if (this.#suspicion === undefined)
          this.#logger.warn('Kept the last good state: a list says that most is gone', { ...effect.suspicion });
        this.#suspicion = effect.suspicion;
        return;
      case 'trust':
        this.#logger.warn('A list is believed again', { ...this.#suspicion });
        this.#suspicion = undefined;
    }
  }

  #report(before: string, after: string, input: WatchInput): void {
    const observer = this.#options.observer;
    if (input.kind === 'listFailed' || input.kind === 'watchFailed') {
      const level = input.failure.kind === 'gone' ? 'info' : 'warn';
      const fields = { state: before, next: after, failure: input.failure.kind, reason: input.failure.message };
      this.#logger[level](input.kind === 'listFailed' ? 'List failed' : 'Watch failed', fields);
      observer?.failed(this.resource, input.failure.kind);
    }
    if (input.kind === 'page' && after === 'opening') {
      this.#logger.info('Listed', { objects: this.store.size });
      observer?.listed(this.resource);
    }
    observer?.state(this.resource, { size: this.store.size, suspect: this.#suspicion !== undefined });
  }

  #closeStream(): void {
    this.#stream?.close();
    this.#stream = undefined;
  }
}
