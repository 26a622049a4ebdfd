import { MotifError } from '@motif/kit';

/** The API server's `Status` object, as far as it is used. */
export interface ApiStatus {
  kind?: string;
  message?: string;
  reason?: string;
  code?: number;
  details?: {
    name?: string;
    kind?: string;
    retryAfterSeconds?: number;
    causes?: { reason?: string; message?: string; field?: string }[];
  };
}

/** What is known of a failed call beside its message. */
export interface KubeApiErrorFields {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** `reason` of the API server's Status (`NotFound`, `Conflict`, `Expired`, …), or ours (`Timeout`, `ConnectionFailed`, `Aborted`). */
  readonly reason: string;
  /** Whether the same call may succeed later without a change. */
  readonly retryable: boolean;
  /** From `Retry-After` or the Status' `retryAfterSeconds`, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** Whether the call may have been carried out although it failed (the connection broke after it was sent). */
  readonly maybeApplied: boolean;
  readonly body?: ApiStatus | undefined;
}

/**
 * A call to the API server failed. `code` is `Kube` and the reason (`KubeNotFound`); `cause` the transport's error where there is one.
 * The client has retried already what may be retried; `retryable` is for the caller's own next attempt.
 */
export class KubeApiError extends MotifError {
  readonly status: number;
  readonly reason: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly maybeApplied: boolean;
  readonly body: ApiStatus | undefined;

  constructor(message: string, fields: KubeApiErrorFields, options?: { cause?: unknown }) {
    super(`Kube${fields.reason}`, message, options);
    this.status = fields.status;
    this.reason = fields.reason;
    this.retryable = fields.retryable;
    this.retryAfterMs = fields.retryAfterMs;
    this.maybeApplied = fields.maybeApplied;
    this.body = fields.body;
  }
}

/** A stream of the API server is not what it should be: not JSON, or a line beyond the limit. */
export class WatchProtocolError extends MotifError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('WatchProtocol', message, options);
  }
}

/**
 * An object of the wanted name exists and is not ours (another controller, or no labels of ours): it is never written.
 * Becomes `Degraded/NameConflict`.
 */
export class NameConflictError extends MotifError {
  readonly kind: string;
  readonly key: string;
  /** Who owns it: `Kind/name`, or undefined when nobody does. */
  readonly owner: string | undefined;

  constructor(kind: string, key: string, owner: string | undefined) {
    const whose = owner === undefined ? 'has no controller and lacks our labels' : `is controlled by ${owner}`;
    super('NameConflict', `${kind} ${key} exists and ${whose}: it is left alone`);
    this.kind = kind;
    this.key = key;
    this.owner = owner;
  }
}

function hasReason(error: unknown, status: number, reasons: readonly string[]): error is KubeApiError {
  return error instanceof KubeApiError && (error.status === status || reasons.includes(error.reason));
}

/** 404: no such object (or, for a collection, no such resource). */
export const isNotFound = (error: unknown): error is KubeApiError => hasReason(error, 404, ['NotFound']);

/** 409 of a create: the name is taken. */
export const isAlreadyExists = (error: unknown): error is KubeApiError =>
  error instanceof KubeApiError && error.reason === 'AlreadyExists';

/** 409 of an update: the resourceVersion or uid given is not the current one, or a field belongs to another manager. */
export const isConflict = (error: unknown): error is KubeApiError =>
  error instanceof KubeApiError && error.reason === 'Conflict';

/** 410: the resourceVersion or continue token is too old. */
export const isGone = (error: unknown): error is KubeApiError => hasReason(error, 410, ['Expired', 'Gone']);

/** 403: RBAC, quota or an admission plug-in said no. */
export const isForbidden = (error: unknown): error is KubeApiError => hasReason(error, 403, ['Forbidden']);

/** 401: the credentials were not accepted. */
export const isUnauthorized = (error: unknown): error is KubeApiError => hasReason(error, 401, ['Unauthorized']);

/** 422: the object is not valid (schema, CEL, immutable field). */
export const isInvalid = (error: unknown): error is KubeApiError => hasReason(error, 422, ['Invalid']);

/** 429: the API server asks to slow down. */
export const isTooManyRequests = (error: unknown): error is KubeApiError => hasReason(error, 429, ['TooManyRequests']);

/** The call was given up because the caller's signal fired. */
export const isAborted = (error: unknown): error is KubeApiError =>
  error instanceof KubeApiError && error.reason === 'Aborted';

/** No (whole) answer within the call's time. */
export const isTimeout = (error: unknown): error is KubeApiError =>
  error instanceof KubeApiError && error.reason === 'Timeout';
