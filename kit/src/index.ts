/** What every process of Motif needs. */
export type { BackoffOptions } from './backoff.ts';
export { backoffCeiling, backoffDelay } from './backoff.ts';
export type { Clock, TimerHandle } from './clock/clock.ts';
export { systemClock } from './clock/clock.ts';
export { errorCode, errorMessage, MotifError } from './errors.ts';
export type { LogFields, Logger, LoggerOptions, LogLevel } from './log/logger.ts';
export { createLogger, LOG_LEVELS, silentLogger } from './log/logger.ts';
export type { Random } from './random.ts';
export { seededRandom, systemRandom } from './random.ts';
export { DURATION_FORM, formatDuration, LONGEST_DURATION, parseDuration, UnitError } from './units/duration.ts';
export { formatQuantity, parseQuantity, QUANTITY_FORM } from './units/quantity.ts';
