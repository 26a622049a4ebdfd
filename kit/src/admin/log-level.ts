import type { Clock, TimerHandle } from '../clock/clock.ts';
import { MotifError } from '../errors.ts';
import type { Logger, LogLevel } from '../log/logger.ts';
import { LOG_LEVELS } from '../log/logger.ts';
import { formatDuration, parseDuration } from '../units/duration.ts';

const USUAL = '10m';
const LONGEST_MS = 24 * 3_600_000;

/** A body of `PUT /loglevel` that cannot be followed. */
export class LogLevelError extends MotifError {
  constructor(message: string) {
    super('InvalidLogLevel', message);
  }
}

/** Changes the level of the logs for a while: a forgotten `debug` must not fill the disks. */
export class TemporaryLogLevel {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #configured: LogLevel;
  #timer: TimerHandle | undefined;
  #expiresAt: number | undefined;

  constructor(logger: Logger, clock: Clock) {
    this.#logger = logger;
    this.#clock = clock;
    this.#configured = logger.level;
  }

  /** What counts now, and until when where that ends. */
  state(): { level: LogLevel; configured: LogLevel; expiresAt?: string } {
    const until = this.#expiresAt === undefined ? {} : { expiresAt: new Date(this.#expiresAt).toISOString() };
    return { level: this.#logger.level, configured: this.#configured, ...until };
  }

  /**
   * Follows a body `{"level": "debug", "for": "10m"}`; `for` is at most 24h, 10m unless told.
   * @throws LogLevelError naming the field
   */
  apply(body: unknown): void {
    const { level, for: span = USUAL, ...rest } = (body ?? {}) as { level?: unknown; for?: unknown };
    const unknown = Object.keys(rest)[0];
    if (unknown !== undefined) throw new LogLevelError(`${unknown} is no field; allowed: level and for`);
    const known = LOG_LEVELS.find((name) => name === level);
    if (known === undefined) {
      throw new LogLevelError(
        `level is ${JSON.stringify(level) ?? 'not set'}; allowed: one of ${LOG_LEVELS.join(', ')}`,
      );
    }
    const ms = spanMs(span);
    this.stop();
    this.#logger.level = known;
    this.#expiresAt = this.#clock.now() + ms;
    this.#timer = this.#clock.setTimeout(() => this.stop(), ms);
    this.#logger.info('log level changed', { to: known, for: formatDuration(ms) });
  }

  /** Back to the configured level. */
  stop(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#expiresAt = undefined;
    this.#logger.level = this.#configured;
  }
}

function spanMs(span: unknown): number {
  try {
    const ms = parseDuration(String(span));
    if (ms > 0 && ms <= LONGEST_MS) return ms;
  } catch {
    // Told below, as for a duration out of range.
  }
  throw new LogLevelError(
    `for is ${JSON.stringify(span)}; allowed: a duration above 0s and up to 24h, such as ${USUAL}`,
  );
}
