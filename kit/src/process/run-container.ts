import type { Registry } from 'prom-client';
import type { ReadinessChecks } from '../admin/readiness.ts';
import type { AdminServer } from '../admin/server.ts';
import { startAdminServer } from '../admin/server.ts';
import type { Clock } from '../clock/clock.ts';
import { systemClock } from '../clock/clock.ts';
import { errorMessage } from '../errors.ts';
import type { Logger, LoggerOptions } from '../log/logger.ts';
import { createLogger } from '../log/logger.ts';
import { createRegistry } from '../metrics/registry.ts';
import type { Random } from '../random.ts';
import { systemRandom } from '../random.ts';
import type { commonSettings } from '../settings/common.ts';
import type { SettingMap, SettingsDefinition, SettingValues } from '../settings/define.ts';
import { parseSettings, reportSettings, SettingsError } from '../settings/define.ts';
import { drainWithin } from './drain.ts';
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
  /** Ends the process as SIGTERM would, but with exit code 1: for what can only be mended by a restart. */
  fail(error: unknown): void;
}

/** A started container. */
export interface RunningContainer {
  /** Stops accepting and finishes what is in flight; the signal aborts when the time for it is over. */
  drain(deadline: AbortSignal): Promise<void>;
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
  const { settings: definition, version, process = nodeProcess, clock = systemClock, random = systemRandom } = options;
  const settings = settingsOrExit(definition, process);
  if (settings === undefined) return;
  const common = settings as SettingValues<typeof commonSettings>;
  const writer: Pick<LoggerOptions, 'write'> = { write: (line) => process.writeOut(line) };
  const logger = createLogger({
    level: common.LOG_LEVEL,
    fields: { container: definition.container },
    clock,
    ...writer,
  });
  process.onUncaught((error) => {
    logger.error('ended by an error that nothing caught', { error });
    process.exit(1);
  });
  const life = new Life(process, logger, clock, common.DRAIN_TIMEOUT);
  const registry = createRegistry({ component: definition.container, version });
  let topology: (() => unknown) | undefined;
  try {
    life.admin = await startAdminServer({
      listen: common.ADMIN_LISTEN,
      checks: life.checks,
      registry,
      ...(hasTopology(definition) ? { topology: () => topology?.() } : {}),
      settings: reportSettings(definition, process.env),
      logger,
      clock,
    });
    life.started(
      await options.start({
        settings,
        logger,
        registry,
        checks: life.checks,
        clock,
        random,
        serveTopology: (serve) => {
          topology = serve;
        },
        fail: (error) => life.fail(error),
      }),
    );
    logger.info('started', { version, node: process.nodeVersion });
  } catch (error) {
    logger.error('could not start', { error });
    process.exit(1);
  }
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

/** From the first signal to the exit. */
class Life {
  readonly checks: ReadinessChecks;
  admin: AdminServer | undefined;
  readonly #process: ProcessLike;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #drainMs: number;
  #ending: 'SIGTERM' | 'SIGINT' | 'failure' | undefined;
  #running: RunningContainer | undefined;

  constructor(process: ProcessLike, logger: Logger, clock: Clock, drainMs: number) {
    this.#process = process;
    this.#logger = logger;
    this.#clock = clock;
    this.#drainMs = drainMs;
    this.checks = {
      process: () => {
        if (this.#ending !== undefined) return { ok: false, reason: `draining after ${this.#ending}` };
        return this.#running === undefined ? { ok: false, reason: 'starting' } : { ok: true };
      },
    };
    process.onSignal((signal, number) => this.#signalled(signal, number));
  }

  started(running: RunningContainer): void {
    this.#running = running;
    // A signal that came while the container was starting has waited for this.
    if (this.#ending !== undefined) void this.#end(this.#ending === 'failure' ? 1 : 0);
  }

  fail(error: unknown): void {
    this.#logger.error('ends because of an error', { error });
    if (this.#ending !== undefined) return;
    this.#ending = 'failure';
    void this.#end(1);
  }

  #signalled(signal: 'SIGTERM' | 'SIGINT', number: number): void {
    if (this.#ending !== undefined) {
      this.#logger.warn('ends at once at the second signal', { signal });
      this.#process.exit(128 + number);
      return;
    }
    this.#ending = signal;
    this.#logger.info('draining', { signal, timeoutMs: this.#drainMs });
    void this.#end(0);
  }

  async #end(code: number): Promise<void> {
    const running = this.#running;
    if (running === undefined) {
      // Nothing has been accepted yet: there is nothing to finish.
      this.#process.exit(code);
      return;
    }
    const outcome = await drainWithin((deadline) => running.drain(deadline), this.#drainMs, this.#clock);
    if (outcome.result === 'drained') this.#logger.info('drained');
    else this.#logger.warn('not everything in flight could be finished', outcome);
    await this.admin?.close();
    this.#process.exit(code);
  }
}
