import type { Suspicion } from '../informer/types.ts';
import type { KubeObject } from '../object.ts';
import { believed, type GuardOptions, suspect } from './guard.ts';

/** How a list or watch failed, as far as the way out depends on it. */
export interface Failure {
  /**
   * `gone`: the version or token is too old. `notFound`: the resource is not served. `protocol`: the stream made no sense.
   * `silent`: nothing ended a watch that the server should have ended. `other`: broken connection, 5xx, 429, 403, …
   */
  readonly kind: 'gone' | 'notFound' | 'protocol' | 'silent' | 'other';
  readonly message: string;
  /** The server asked not to come back before (ms). */
  readonly retryAfterMs?: number | undefined;
}

/**
 * Where a watch is. `failures` counts attempts in a row that came to nothing and gives the length of the next pause;
 * only a watch that lived for `healthyMs` sets it back.
 */
export type WatchState =
  /**
   * Nothing is held that a watch could go on from, and a pause runs. At the start, after a failed list, after 410.
   * Timer → `paging`.
   */
  | { readonly kind: 'empty'; readonly failures: number; readonly expiredLists: number }
  /**
   * A page of a list has been asked for; `pages` are those before. Page with a token → `paging`; last page → `opening`, or `doubting`
   * when too much is missing. Failure → `empty`; 404 where there was data → `doubting`. `doubt` is kept from the list before.
   */
  | {
      readonly kind: 'paging';
      readonly failures: number;
      readonly expiredLists: number;
      readonly pages: readonly (readonly KubeObject[])[];
      readonly doubt: Suspicion | undefined;
    }
  /**
   * A complete list, or a 404, said that most is gone: the last good state stays, and a pause runs before asking again.
   * Timer → `paging`.
   */
  | { readonly kind: 'doubting'; readonly failures: number; readonly doubt: Suspicion }
  /** The version to go on from is known, no watch is open, and a pause runs. Timer → `opening`. */
  | { readonly kind: 'listed'; readonly failures: number; readonly version: string; readonly protocolErrors: number }
  /** A watch from `version` has been asked for. Answered → `watching`; 410 or 404 → `empty`; other failure → `listed`. */
  | { readonly kind: 'opening'; readonly failures: number; readonly version: string; readonly protocolErrors: number }
  /**
   * Events come in; each moves `version` on. Ended by the server in good health → `opening` at once; ended early, broken, silent or
   * malformed → `listed`; 410, or malformed for the third time from one version → `empty`.
   */
  | {
      readonly kind: 'watching';
      readonly failures: number;
      readonly version: string;
      readonly protocolErrors: number;
      /** `monotonic` time at which the watch was answered. */
      readonly since: number;
    };

/** What happened. `at` is monotonic time (ms), `now` wall-clock time, `known` the number of objects in the store. */
export type WatchInput =
  | { readonly kind: 'timer' }
  | {
      readonly kind: 'page';
      readonly items: readonly KubeObject[];
      readonly version: string;
      readonly more: string | undefined;
      readonly known: number;
      readonly now: number;
    }
  | { readonly kind: 'listFailed'; readonly failure: Failure; readonly known: number; readonly now: number }
  | { readonly kind: 'opened'; readonly at: number }
  | { readonly kind: 'changed'; readonly object: KubeObject }
  | { readonly kind: 'deleted'; readonly object: KubeObject }
  | { readonly kind: 'bookmark'; readonly version: string }
  | { readonly kind: 'ended'; readonly at: number }
  | { readonly kind: 'watchFailed'; readonly failure: Failure; readonly at: number };

/** What is to be done to the store, at once and in order. */
export type WatchEffect =
  | { readonly kind: 'swap'; readonly items: readonly KubeObject[]; readonly version: string }
  | { readonly kind: 'apply'; readonly object: KubeObject }
  | { readonly kind: 'remove'; readonly object: KubeObject }
  | { readonly kind: 'doubt'; readonly suspicion: Suspicion }
  | { readonly kind: 'trust' };

/** What gives the next input: exactly one of these is under way at any time, so that there is no storm. */
export type WatchNext =
  /** Pause: `attempt` for back-off with jitter, at least `atLeastMs`; or a fixed time. Input: `timer`. */
  | { readonly kind: 'pause'; readonly attempt: number; readonly atLeastMs: number }
  | { readonly kind: 'pauseFor'; readonly ms: number }
  /** `whole`: without pages, since tokens expired twice. Input: `page` or `listFailed`. */
  | { readonly kind: 'list'; readonly more: string | undefined; readonly whole: boolean }
  /** Input: `opened` or `watchFailed`. */
  | { readonly kind: 'open'; readonly version: string }
  /** Input: `changed`, `deleted`, `bookmark`, `ended` or `watchFailed`. */
  | { readonly kind: 'read' };

export interface Step {
  readonly state: WatchState;
  readonly effects: readonly WatchEffect[];
  readonly next: WatchNext;
}

export interface MachineOptions extends GuardOptions {
  /** A watch that lived this long (ms) was healthy: its end is no failure. */
  readonly healthyMs: number;
  /** Time (ms) between lists while in doubt. */
  readonly recheckMs: number;
}

export const MACHINE_DEFAULTS: MachineOptions = { healthyMs: 5_000, recheckMs: 15_000, doubtMs: 60_000 };

/** After so many streams in a row that made no sense from the same version, a list gets past the spot. */
const MAX_PROTOCOL_ERRORS = 3;

/** After so many lists whose token expired, the list is asked for in one piece. */
const MAX_EXPIRED_LISTS = 2;

/** The state before anything was asked, and the first question. */
export function firstStep(): Step {
  return toPaging({ failures: 0, expiredLists: 0, doubt: undefined });
}

/**
 * One step of a watch: pure, so that every way out of every fault can be named and tried. An input that does not belong to the state
 * (which the driver never gives) throws `TypeError`.
 */
export function step(state: WatchState, input: WatchInput, options: MachineOptions): Step {
  switch (state.kind) {
    case 'empty':
      if (input.kind === 'timer') return toPaging({ ...state, doubt: undefined });
      break;
    case 'doubting':
      if (input.kind === 'timer') return toPaging({ failures: state.failures, expiredLists: 0, doubt: state.doubt });
      break;
    case 'listed':
      if (input.kind === 'timer') return toOpening(state);
      break;
    case 'paging':
      if (input.kind === 'page') return onPage(state, input, options);
      if (input.kind === 'listFailed') return onListFailed(state, input, options);
      break;
    case 'opening':
      if (input.kind === 'opened') return { state: { ...state, kind: 'watching', since: input.at }, ...READ };
      if (input.kind === 'watchFailed') return onWatchFailed({ ...state, since: input.at }, input, options);
      break;
    case 'watching':
      return onStream(state, input, options);
  }
  throw new TypeError(`a watch that is ${state.kind} cannot take ${input.kind}`);
}

type Paging = Extract<WatchState, { kind: 'paging' }>;
type Streaming = Omit<Extract<WatchState, { kind: 'watching' }>, 'kind'>;
type Input<K extends WatchInput['kind']> = Extract<WatchInput, { kind: K }>;

const READ = { effects: [], next: { kind: 'read' } } as const;

function toPaging(from: { failures: number; expiredLists: number; doubt: Suspicion | undefined }): Step {
  const { failures, expiredLists, doubt } = from;
  const next: WatchNext = { kind: 'list', more: undefined, whole: expiredLists >= MAX_EXPIRED_LISTS };
  return { state: { kind: 'paging', failures, expiredLists, doubt, pages: [] }, effects: [], next };
}

function toOpening(from: { failures: number; version: string; protocolErrors: number }): Step {
  const { failures, version, protocolErrors } = from;
  const next: WatchNext = { kind: 'open', version };
  return { state: { kind: 'opening', failures, version, protocolErrors }, effects: [], next };
}

function toEmpty(failures: number, expiredLists: number, atLeastMs = 0): Step {
  const next: WatchNext = { kind: 'pause', attempt: failures, atLeastMs };
  return { state: { kind: 'empty', failures: failures + 1, expiredLists }, effects: [], next };
}

function toDoubting(state: Paging, suspicion: Suspicion, options: MachineOptions): Step {
  return {
    state: { kind: 'doubting', failures: state.failures, doubt: suspicion },
    effects: [{ kind: 'doubt', suspicion }],
    next: { kind: 'pauseFor', ms: options.recheckMs },
  };
}

function onPage(state: Paging, input: Input<'page'>, options: MachineOptions): Step {
  const pages = [...state.pages, input.items];
  if (input.more !== undefined) {
    return { state: { ...state, pages }, effects: [], next: { kind: 'list', more: input.more, whole: false } };
  }
  const items = pages.flat();
  const reason = suspect(input.known, items.length);
  if (reason !== undefined) {
    const since = state.doubt?.since ?? input.now;
    const suspicion: Suspicion = { reason, before: input.known, after: items.length, since };
    if (!believed(suspicion, input.now, options)) return toDoubting(state, suspicion, options);
  }
  const swap: WatchEffect = { kind: 'swap', items, version: input.version };
  const effects: WatchEffect[] = state.doubt === undefined ? [swap] : [{ kind: 'trust' }, swap];
  return { ...toOpening({ failures: state.failures, version: input.version, protocolErrors: 0 }), effects };
}

function onListFailed(state: Paging, input: Input<'listFailed'>, options: MachineOptions): Step {
  const { failure, known, now } = input;
  if (failure.kind === 'notFound' && known > 0) {
    // A 404 restarts the clock of a doubt: only an unbroken run of short lists is believed.
    return toDoubting(state, { reason: 'NotFound', before: known, after: 0, since: now }, options);
  }
  if (state.doubt !== undefined) {
    return {
      state: { kind: 'doubting', failures: state.failures + 1, doubt: { ...state.doubt, since: now } },
      effects: [],
      next: { kind: 'pause', attempt: state.failures, atLeastMs: failure.retryAfterMs ?? 0 },
    };
  }
  const expiredLists = failure.kind === 'gone' ? state.expiredLists + 1 : state.expiredLists;
  return toEmpty(state.failures, expiredLists, failure.retryAfterMs);
}

function onStream(state: Extract<WatchState, { kind: 'watching' }>, input: WatchInput, options: MachineOptions): Step {
  switch (input.kind) {
    case 'changed':
    case 'deleted': {
      const version = input.object.metadata.resourceVersion ?? state.version;
      const effect: WatchEffect = { kind: input.kind === 'changed' ? 'apply' : 'remove', object: input.object };
      return { state: { ...state, version, protocolErrors: 0 }, effects: [effect], next: READ.next };
    }
    case 'bookmark':
      return { state: { ...state, version: input.version, protocolErrors: 0 }, ...READ };
    case 'ended':
      if (input.at - state.since >= options.healthyMs) return toOpening({ ...state, failures: 0 });
      return toListed(state, state.failures, 0);
    case 'watchFailed':
      return onWatchFailed(state, input, options);
    default:
      throw new TypeError(`a watch that is watching cannot take ${input.kind}`);
  }
}

function onWatchFailed(state: Streaming, input: Input<'watchFailed'>, options: MachineOptions): Step {
  const { failure, at } = input;
  const failures = at - state.since >= options.healthyMs ? 0 : state.failures;
  if (failure.kind === 'gone' || failure.kind === 'notFound') return toEmpty(failures, 0, failure.retryAfterMs);
  const protocolErrors = failure.kind === 'protocol' ? state.protocolErrors + 1 : state.protocolErrors;
  if (protocolErrors >= MAX_PROTOCOL_ERRORS) return toEmpty(failures, 0);
  return toListed({ ...state, protocolErrors }, failures, failure.retryAfterMs ?? 0);
}

function toListed(from: { version: string; protocolErrors: number }, failures: number, atLeastMs: number): Step {
  const { version, protocolErrors } = from;
  const next: WatchNext = { kind: 'pause', attempt: failures, atLeastMs };
  return { state: { kind: 'listed', failures: failures + 1, version, protocolErrors }, effects: [], next };
}
