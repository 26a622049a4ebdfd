import type { Clock } from '../clock/clock.ts';
import { systemClock } from '../clock/clock.ts';
import { toJson } from './serialize.ts';

/** From the most to the least talkative. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type LogFields = Readonly<Record<string, unknown>>;

/** Writes JSON lines: `{"ts","level","msg",…fields}`. Fields called like a secret (password, token, …) are masked. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds these fields to each line; it shares the level, so that setting it on one sets it on all. */
  child(fields: LogFields): Logger;
  /** Lines below this level are not written. Settable at run time. */
  level: LogLevel;
}

export interface LoggerOptions {
  /** `info` unless told. */
  readonly level?: LogLevel;
  /** Fields of each line. */
  readonly fields?: LogFields;
  /** Takes one line without its line end; standard output unless told. */
  readonly write?: (line: string) => void;
  /** For the `ts` of each line. */
  readonly clock?: Pick<Clock, 'now'>;
}

interface Shared {
  level: LogLevel;
  readonly write: (line: string) => void;
  readonly clock: Pick<Clock, 'now'>;
}

/** Makes the root logger of a process or a test. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const shared: Shared = {
    level: options.level ?? 'info',
    write: options.write ?? ((line) => void process.stdout.write(`${line}\n`)),
    clock: options.clock ?? systemClock,
  };
  return new JsonLogger(shared, options.fields ?? {});
}

/** A logger that writes nothing: for tests and libraries that were given none. */
export function silentLogger(): Logger {
  return createLogger({ level: 'error', write: () => {} });
}

class JsonLogger implements Logger {
  readonly #shared: Shared;
  readonly #fields: LogFields;

  constructor(shared: Shared, fields: LogFields) {
    this.#shared = shared;
    this.#fields = fields;
  }

  get level(): LogLevel {
    return this.#shared.level;
  }

  set level(level: LogLevel) {
    this.#shared.level = level;
  }

  debug(message: string, fields?: LogFields): void {
    this.#log('debug', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#log('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#log('warn', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#log('error', message, fields);
  }

  child(fields: LogFields): Logger {
    return new JsonLogger(this.#shared, { ...this.#fields, ...fields });
  }

  #log(level: LogLevel, msg: string, fields?: LogFields): void {
    const { clock, write } = this.#shared;
    if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(this.#shared.level)) return;
    const ts = new Date(clock.now()).toISOString();
    // A field must not take the place of these three, and they read best in front.
    const line: Record<string, unknown> = { ts, level, msg };
    for (const [key, value] of Object.entries({ ...this.#fields, ...fields })) {
      if (!(key in line)) line[key] = value;
    }
    write(toJson(line));
  }
}
