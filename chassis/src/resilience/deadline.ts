/** The header in which a caller says how many milliseconds it will still wait. */
export const DEADLINE_HEADER = 'x-request-deadline-ms';

/** The longest deadline that is taken from a header, in milliseconds: a day. More is none. */
const LONGEST_MS = 86_400_000;

/** Nanoseconds of each unit of `grpc-timeout` (gRPC over HTTP/2, "Requests": TimeoutUnit). */
const GRPC_UNITS: Readonly<Record<string, number>> = { H: 3.6e12, M: 6e10, S: 1e9, m: 1e6, u: 1e3, n: 1 };

/** How long the caller waits according to `x-request-deadline-ms`, in milliseconds; undefined for what is no whole number of 1 to 9 digits. */
export function parseDeadlineMs(value: string | undefined): number | undefined {
  return value !== undefined && /^[0-9]{1,9}$/.test(value) ? Number(value) : undefined;
}

/** How long the caller waits according to `grpc-timeout` (1 to 8 digits and a unit), in milliseconds; undefined for anything else. */
export function parseGrpcTimeout(value: string | undefined): number | undefined {
  if (value === undefined || !/^[0-9]{1,8}[HMSmun]$/.test(value)) return undefined;
  return (Number(value.slice(0, -1)) * (GRPC_UNITS[value.slice(-1)] as number)) / 1e6;
}

/**
 * The moment by which a request must be answered: our own time-out, or earlier if its caller waits less. Headers that cannot be read count
 * as absent: the request is the caller's to get right, and our time-out bounds it anyway.
 * @param now milliseconds of the monotonic clock, as is the answer
 */
export function deadlineAt(
  now: number,
  timeoutMs: number,
  deadlineMs: string | undefined,
  grpcTimeout: string | undefined,
): number {
  const asked = Math.min(parseDeadlineMs(deadlineMs) ?? LONGEST_MS, parseGrpcTimeout(grpcTimeout) ?? LONGEST_MS);
  return now + Math.min(timeoutMs, asked);
}

/** What is left, for the next `x-request-deadline-ms`: whole milliseconds, rounded down so that deadlines only shrink; at least 0. */
export function remainingMs(at: number, now: number): number {
  return Math.max(0, Math.floor(at - now));
}

/** What is left, for the next `grpc-timeout`: in milliseconds, or in seconds where that takes more than 8 digits. */
export function remainingGrpc(at: number, now: number): string {
  const ms = remainingMs(at, now);
  return ms < 1e8 ? `${ms}m` : `${Math.min(Math.floor(ms / 1000), 99_999_999)}S`;
}
