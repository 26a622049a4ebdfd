/** What every process of Motif needs. */

export { Counter, Gauge, Histogram, Registry } from 'prom-client';
export type { CheckResult, Readiness, ReadinessCheck, ReadinessChecks } from './admin/readiness.ts';
export type { AdminOptions, AdminServer } from './admin/server.ts';
export { startAdminServer } from './admin/server.ts';
export type { BackoffOptions } from './backoff.ts';
export { backoffCeiling, backoffDelay } from './backoff.ts';
export type { Clock, TimerHandle } from './clock/clock.ts';
export { systemClock } from './clock/clock.ts';
export { errorCode, errorMessage, MotifError } from './errors.ts';
export type { LogFields, Logger, LoggerOptions, LogLevel } from './log/logger.ts';
export { createLogger, LOG_LEVELS, silentLogger } from './log/logger.ts';
export type { Labels, MetricOptions } from './metrics/collector.ts';
export { labelSets } from './metrics/collector.ts';
export type { CounterSeries } from './metrics/fast-counter.ts';
export { FastCounter } from './metrics/fast-counter.ts';
export type { FastHistogramOptions, HistogramSeries } from './metrics/fast-histogram.ts';
export { FastHistogram, LATENCY_BUCKETS, SIZE_BUCKETS } from './metrics/fast-histogram.ts';
export type { RegistryOptions } from './metrics/registry.ts';
export { createRegistry } from './metrics/registry.ts';
export type { CheckOptions } from './process/check.ts';
export { runCheck } from './process/check.ts';
export type { DrainOutcome } from './process/drain.ts';
export { drainWithin } from './process/drain.ts';
export type { RunningContainer } from './process/life.ts';
export type { ProcessLike } from './process/process-like.ts';
export type { ContainerContext, ContainerOptions } from './process/run-container.ts';
export { runContainer } from './process/run-container.ts';
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
export { VERSION } from './version.ts';
