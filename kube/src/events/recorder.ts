import { type Clock, errorMessage, type Logger } from '@motif/kit';
import type { KubeClient } from '../client/types.ts';
import type { KubeObject } from '../object.ts';
import { resources } from '../resource.ts';
import type { EventInput, EventRecorder } from './types.ts';

export interface EventRecorderOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** `motif.dev/operator`. */
  readonly controller: string;
  /** This process: the pod's name. At most 128 characters. */
  readonly instance: string;
}

/** How long the same event of the same object is not written again, in ms. */
export const SAME_EVENT_MS = 10 * 60_000;

/** The API server's limit of an event's note, in bytes. */
const NOTE_BYTES = 1024;

/** Events that wait to be written, and events remembered; beyond it the oldest are forgotten. */
const MAX_PENDING = 100;
const MAX_REMEMBERED = 5_000;

/** Makes a recorder. */
export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
  return new Recorder(options);
}

class Recorder implements EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #seen = new Map<string, number>();
  readonly #pending = new Set<Promise<void>>();
  #made = 0;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  record(regarding: KubeObject, event: EventInput): void {
    if (!this.#isNew(regarding, event)) return;
    if (this.#pending.size >= MAX_PENDING) {
      this.#options.logger.warn('Dropped an event: too many wait', { reason: event.reason });
      return;
    }
    const writing = this.#write(regarding, event).finally(() => this.#pending.delete(writing));
    this.#pending.add(writing);
  }

  async flush(signal?: AbortSignal): Promise<void> {
    const stopped = new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
    const all = Promise.all(this.#pending);
    await (signal === undefined ? all : Promise.race([all, stopped]));
  }

  /** Whether the event was not written for this object lately. A Map keeps the order of insertion: the first is the oldest. */
  #isNew(regarding: KubeObject, event: EventInput): boolean {
    const now = this.#options.clock.monotonic();
    const id = [regarding.metadata.uid, event.type, event.reason, event.note].join('\n');
    const last = this.#seen.get(id);
    if (last !== undefined && now - last < SAME_EVENT_MS) return false;
    this.#seen.delete(id);
    this.#seen.set(id, now);
    const oldest = this.#seen.keys().next();
    if (this.#seen.size > MAX_REMEMBERED && !oldest.done) this.#seen.delete(oldest.value);
    return true;
  }

  async #write(regarding: KubeObject, event: EventInput): Promise<void> {
    const { client, logger } = this.#options;
    try {
      await client.create(resources.events, this.#toObject(regarding, event), { timeoutMs: 10_000 });
    } catch (error) {
      logger.warn('An event could not be written', { reason: event.reason, error: errorMessage(error) });
    }
  }

  #toObject(regarding: KubeObject, event: EventInput): KubeObject {
    const { clock, controller, instance } = this.#options;
    const now = clock.now();
    // As client-go names them: the object's name and a stamp that no other event of this process has.
    const stamp = `${Math.round(now).toString(16)}${(this.#made++).toString(16).padStart(4, '0')}`;
    return {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: {
        name: `${regarding.metadata.name.slice(0, 200)}.${stamp}`,
        namespace: regarding.metadata.namespace ?? 'default',
      },
      eventTime: new Date(now).toISOString().replace('Z', '000Z'),
      type: event.type,
      reason: event.reason,
      action: event.action,
      note: cut(event.note),
      regarding: reference(regarding),
      ...(event.related === undefined ? {} : { related: reference(event.related) }),
      reportingController: controller,
      reportingInstance: instance.slice(0, 128),
    };
  }
}

function reference({ apiVersion, kind, metadata }: KubeObject): Record<string, unknown> {
  const { name, namespace, uid, resourceVersion } = metadata;
  return { apiVersion, kind, name, namespace, uid, resourceVersion };
}

/** Cuts a text to the limit without splitting a character. */
function cut(note: string): string {
  const bytes = Buffer.from(note);
  if (bytes.length <= NOTE_BYTES) return note;
  return `${bytes
    .subarray(0, NOTE_BYTES - 6)
    .toString('utf8')
    .replace(/�+$/, '')}…`;
}
