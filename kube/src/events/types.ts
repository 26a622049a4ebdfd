import type { KubeObject } from '../object.ts';

/** Something that happened to an object, for `kubectl describe`. */
export interface EventInput {
  readonly type: 'Normal' | 'Warning';
  /** CamelCase, past tense: `ShardAdded`; at most 128 characters. */
  readonly reason: string;
  /** What the controller was doing, CamelCase: `Reconcile`. */
  readonly action: string;
  /** For people; cut at 1,024 bytes. */
  readonly note: string;
  /** A second object involved (the child that was made). */
  readonly related?: KubeObject | undefined;
}

/**
 * Writes events (events.k8s.io/v1), one per transition: the same event of the same object is not written again within ten minutes.
 * `record` never throws and never waits; a failed write is logged and dropped, for an event is a courtesy.
 */
export interface EventRecorder {
  record(regarding: KubeObject, event: EventInput): void;
  /** Waits for what is being written. */
  flush(signal?: AbortSignal): Promise<void>;
}
