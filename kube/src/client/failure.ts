import { errorCode, errorMessage } from '@motif/kit';
import { type ApiStatus, KubeApiError } from '../errors.ts';

/** Node's and undici's codes of errors that happen before a request is sent. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const TIMED_OUT = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']);

/** Codes of a certificate that is not accepted: trying again does not help, a new CA file does. */
const TLS_REFUSED = /^(ERR_TLS|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|ERR_SSL)/;

/** Statuses that say nothing about the call itself: the same call may succeed later. */
const RETRYABLE_STATUS = new Set([408, 429, 500, 502, 503, 504]);

/** Whether TLS verification failed, so that the pool is to be made anew with the CA as it is now. */
export function isTlsRefusal(error: unknown): boolean {
  return TLS_REFUSED.test(errorCode(error) ?? '');
}

/** The error of a call that no answer came to. `what` names the call: `GET /api/v1/pods`. */
export function transportFailure(what: string, cause: unknown): KubeApiError {
  const code = errorCode(cause) ?? '';
  const reason = TIMED_OUT.has(code) ? 'Timeout' : 'ConnectionFailed';
  const maybeApplied = !NOT_SENT.has(code) && !TLS_REFUSED.test(code);
  const fields = { status: 0, reason, retryable: !TLS_REFUSED.test(code), maybeApplied };
  return new KubeApiError(`${what}: ${errorMessage(cause)}`, fields, { cause });
}

/** The error of an attempt or call that took too long. */
export function timeoutFailure(what: string, timeoutMs: number): KubeApiError {
  const fields = { status: 0, reason: 'Timeout', retryable: true, maybeApplied: true };
  return new KubeApiError(`${what}: no answer within ${timeoutMs} ms`, fields);
}

/** The error of a call whose caller gave it up. */
export function abortFailure(what: string, cause: unknown): KubeApiError {
  const fields = { status: 0, reason: 'Aborted', retryable: false, maybeApplied: true };
  return new KubeApiError(`${what}: given up`, fields, { cause });
}

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/** The error of an answer with a status of 400 or more. */
export function statusFailure(what: string, answer: Answer, now: number): KubeApiError {
  const body = parseStatus(answer.text);
  const reason = body?.reason || defaultReason(answer.status);
  const message = body?.message || answer.text.slice(0, 500) || `status ${answer.status}`;
  const retryAfterMs = retryAfter(answer.retryAfter, now) ?? seconds(body?.details?.retryAfterSeconds);
  // 503 and 429 are said before a request is taken up; any other 5xx may come from a handler that died halfway, or from a proxy.
  const maybeApplied = answer.status >= 500 && answer.status !== 503;
  const retryable = RETRYABLE_STATUS.has(answer.status);
  return new KubeApiError(`${what}: ${message}`, {
    status: answer.status,
    reason,
    retryable,
    retryAfterMs,
    maybeApplied,
    body,
  });
}

/** The error inside an `ERROR` event of a watch: a Status without HTTP. */
export function eventFailure(what: string, status: ApiStatus): KubeApiError {
  const answer = { status: status.code ?? 500, retryAfter: undefined, text: JSON.stringify(status) };
  return statusFailure(what, answer, 0);
}

function parseStatus(text: string): ApiStatus | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const parsed = JSON.parse(text) as ApiStatus;
    return parsed.kind === 'Status' || parsed.reason !== undefined ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** `Retry-After` in its two forms (RFC 9110 §10.2.3): seconds, or a date. */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header.trim())) return seconds(Number(header));
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function seconds(value: number | undefined): number | undefined {
  return value === undefined || value <= 0 ? undefined : value * 1000;
}

function defaultReason(status: number): string {
  return DEFAULT_REASONS[status] ?? (status >= 500 ? 'InternalError' : 'BadRequest');
}

const DEFAULT_REASONS: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  408: 'Timeout',
  409: 'Conflict',
  410: 'Gone',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  502: 'ServiceUnavailable',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};
