import type { Registry } from 'prom-client';
import type { ReadinessChecks } from '../admin/readiness.ts';
import { startAdminServer } from '../admin/server.ts';
import type { Clock } from '../clock/clock.ts';
import { systemClock } from '../clock/clock.ts';
import { errorMessage } from '../errors.ts';
import type { Logger } from '../log/logger.ts';
import { createLogger } from '../log/logger.ts';
import { createRegistry } from '../metrics/registry.ts';
import type { Random } from '../random.ts';
import { systemRandom } from '../random.ts';
import type { Address } from '../settings/address.ts';
import type { commonSettings } from '../settings/common.ts';
import type { SettingMap, SettingsDefinition, SettingValues } from '../settings/define.ts';
import { parseSettings, reportSettings, SettingsError } from '../settings/define.ts';
import type { RunningContainer } from './life.ts';
import { Life } from './life.ts';
import type { ProcessLike } from './process-like.ts';
import { nodeProcess } from './process-like.ts';

/** What a container's own part gets to work with. */
export interface ContainerContext<S extends SettingMap> {
  readonly settings: SettingValues<S>;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Add what traffic needs; the process is ready when all say so and it is not draining. */
  readonly checks: ReadinessChecks;
  readonly clock: Clock;
  readonly random: Random;
  /** Gives `/topology` what to show. */
  serveTopology(topology: () => unknown): void;
  /** A further page of the admin port: what it answers in JSON. @param path such as `/hotkeys` */
  servePage(path: string, page: () => unknown): void;
  /** Ends the process as SIGTERM would, but with exit code 1: for what can only be mended by a restart. */
  fail(error: unknown): void;
}

export interface ContainerOptions<S extends SettingMap & typeof commonSettings> {
  readonly version: string;
  readonly settings: SettingsDefinition<S>;
  start(context: ContainerContext<S>): Promise<RunningContainer>;
  /** For tests; the real ones unless told. */
  readonly clock?: Clock;
  readonly random?: Random;
  readonly process?: ProcessLike;
}

/**
 * The life of every container: settings (each wrong one told in one line, then exit 1), logger, admin server, the container's own start;
 * at SIGTERM or SIGINT not ready any more, drain within `DRAIN_TIMEOUT`, exit 0. A second signal ends it at once with 128 + its number;
 * what nobody caught is logged and ends it with 1.
 */
export async function runContainer<S extends SettingMap & typeof commonSettings>(
  options: ContainerOptions<S>,
): Promise<void> {
  const { settings: definition, version, process = nodeProcess, clock = systemClock } = options;
  const settings = settingsOrExit(definition, process);
  if (settings === undefined) return;
  const common = settings as SettingValues<typeof commonSettings>;
  const logger = createLogger({
    level: common.LOG_LEVEL,
    fields: { container: definition.container },
    clock,
    write: (line) => process.writeOut(line),
  });
  process.onUncaught((error) => {
    logger.error('ended by an error that nothing caught', { error });
    process.exit(1);
  });
  const life = new Life(process, logger, clock, common.DRAIN_TIMEOUT);
  try {
    await startWithin(life, options, settings, common.ADMIN_LISTEN, logger);
    logger.info('started', { version, node: process.nodeVersion });
  } catch (error) {
    logger.error('could not start', { error });
    process.exit(1);
  }
}

/** The admin server first, so that whoever asks is told what the rest waits for. */
async function startWithin<S extends SettingMap & typeof commonSettings>(
  life: Life,
  options: ContainerOptions<S>,
  settings: SettingValues<S>,
  listen: Address,
  logger: Logger,
): Promise<void> {
  const { settings: definition, version, process = nodeProcess, clock = systemClock, random = systemRandom } = options;
  const { checks } = life;
  const registry = createRegistry({ component: definition.container, version });
  let topology: (() => unknown) | undefined;
  const pages = new Map<string, () => unknown>();
  life.admin = await startAdminServer({
    listen,
    checks,
    registry,
    ...(hasTopology(definition) ? { topology: () => topology?.() } : {}),
    pages,
    settings: reportSettings(definition, process.env),
    logger,
    clock,
  });
  const serveTopology = (serve: () => unknown): void => {
    topology = serve;
  };
  const servePage = (path: string, page: () => unknown): void => void pages.set(path, page);
  const fail = (error: unknown): void => life.fail(error);
  const context = { settings, logger, registry, checks, clock, random, serveTopology, servePage, fail };
  life.started(await options.start(context));
}

/** A container has a topology exactly when it is told where the file is. */
function hasTopology({ settings }: SettingsDefinition): boolean {
  return settings.TOPOLOGY !== undefined;
}

function settingsOrExit<S extends SettingMap>(
  definition: SettingsDefinition<S>,
  process: ProcessLike,
): SettingValues<S> | undefined {
  try {
    return parseSettings(definition, process.env);
  } catch (error) {
    const problems = error instanceof SettingsError ? error.problems : [errorMessage(error)];
    for (const problem of problems) process.writeError(`${definition.container}: ${problem}`);
    process.exit(1);
    return undefined;
  }
}
