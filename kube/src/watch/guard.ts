import type { Suspicion } from '../informer/types.ts';

/** When a list that says that much has gone is believed. */
export interface GuardOptions {
  /** How long such a list is doubted, in ms. Default: 60,000. */
  readonly doubtMs: number;
}

/**
 * Whether a complete list says that so much is gone that one answer is not enough (DESIGN §2): nothing where there was something, or
 * less than half. A store of one object that comes back empty is doubted as well.
 */
export function suspect(before: number, after: number): 'Empty' | 'Shrunk' | undefined {
  if (before > 0 && after === 0) return 'Empty';
  return after * 2 < before ? 'Shrunk' : undefined;
}

/**
 * Whether the doubt is over and the list is to be believed: it said the same kind of thing for the whole time. A 404 of the collection
 * is never believed: it says that the resource is not served, not that its objects are gone.
 */
export function believed(suspicion: Suspicion, now: number, options: GuardOptions): boolean {
  return suspicion.reason !== 'NotFound' && now - suspicion.since >= options.doubtMs;
}
