/** What every container of the data plane shares. */

export type { CircuitOptions } from './resilience/circuit.ts';
export { Circuit } from './resilience/circuit.ts';
export type { RetryBudgetOptions } from './resilience/retry-budget.ts';
export { RETRY_BUDGET, RetryBudget } from './resilience/retry-budget.ts';
export { TimerWheel, WheelTimer } from './resilience/timer-wheel.ts';
export type { SecretFilesOptions } from './secrets/secret-files.ts';
export { SecretFiles } from './secrets/secret-files.ts';
export type { TopologyListener, TopologyLoaderOptions } from './topology/loader.ts';
export { TopologyLoader } from './topology/loader.ts';
