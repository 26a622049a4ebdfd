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
export type { Address } from './settings/address.ts';
export { formatAddress, parseAddress } from './settings/address.ts';
export { commonSettings } from './settings/common.ts';
export type {
  Environment,
  SettingMap,
  SettingReport,
  SettingsDefinition,
  SettingValues,
} from './settings/define.ts';
export { defineSettings, parseSettings, reportSettings, SettingsError } from './settings/define.ts';
export * as setting from './settings/kinds.ts';
export type { ImageLabels } from './settings/render.ts';
export { MARKERS, renderDockerfileLines, renderReadmeTable, replaceBetween } from './settings/render.ts';
export type { Setting, SettingOptions } from './settings/setting.ts';
export { optional } from './settings/setting.ts';
export type { SettingPromise, SettingsSnapshot } from './settings/snapshot.ts';
export { brokenPromises, snapshotOf } from './settings/snapshot.ts';
export { DURATION_FORM, formatDuration, LONGEST_DURATION, parseDuration, UnitError } from './units/duration.ts';
export { formatQuantity, parseQuantity, QUANTITY_FORM } from './units/quantity.ts';
