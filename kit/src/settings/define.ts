import { MotifError } from '../errors.ts';
import { MASK } from '../log/serialize.ts';
import type { Setting } from './setting.ts';

/** The settings of a container by the names of their environment variables. */
export type SettingMap = Readonly<Record<string, Setting<unknown>>>;

/** The values that a map of settings parses to, under the same names. */
export type SettingValues<S extends SettingMap> = {
  readonly [Name in keyof S]: S[Name] extends Setting<infer T> ? T : never;
};

/** A container's settings: its API. */
export interface SettingsDefinition<S extends SettingMap = SettingMap> {
  /** The container's short name, such as `sharding`. */
  readonly container: string;
  readonly settings: S;
  /** What holds between settings; see `defineSettings`. (A method, so that any definition fits where all are taken.) */
  rules?(values: SettingValues<S>): readonly string[];
}

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** All that is wrong with an environment, one line a problem, each naming the variable, its value and what is allowed. */
export class SettingsError extends MotifError {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super('InvalidSettings', problems.join('\n'));
    this.problems = problems;
  }
}

/**
 * Defines a container's settings.
 * @param definition.rules further conditions between settings: returns one line for each that does not hold, naming the variables
 * @throws MotifError `InvalidDefinition` for a mistake of ours: a name that Services of a namespace could inject (`…_HOST`, `…_PORT`), or a default that its own schema refuses
 */
export function defineSettings<const S extends SettingMap>(definition: SettingsDefinition<S>): SettingsDefinition<S> {
  for (const [name, setting] of Object.entries(definition.settings)) {
    if (!/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(name) || /_(HOST|PORT)$/.test(name)) {
      throw new MotifError('InvalidDefinition', `${name}: names are UPPER_CASE and do not end in _HOST or _PORT`);
    }
    if (setting.default !== undefined && !setting.schema.safeParse(setting.default).success) {
      throw new MotifError('InvalidDefinition', `${name}: its default ${setting.default} is not ${setting.allowed}`);
    }
    if (setting.default !== undefined && (setting.optional || setting.secret)) {
      throw new MotifError('InvalidDefinition', `${name}: an optional or secret setting has no default`);
    }
  }
  return definition;
}

/**
 * Reads the settings from an environment. An empty variable counts as unset, and variables that are no settings are left alone.
 * @throws SettingsError with every problem at once
 */
export function parseSettings<S extends SettingMap>(
  definition: SettingsDefinition<S>,
  env: Environment,
): SettingValues<S> {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, setting] of Object.entries(definition.settings)) {
    const given = env[name] || setting.default;
    if (given === undefined) {
      if (!setting.optional) problems.push(`${name} is not set; allowed: ${setting.allowed}`);
      continue;
    }
    const result = setting.schema.safeParse(given);
    if (result.success) values[name] = result.data;
    else problems.push(`${name} is ${shown(given, setting)}; allowed: ${setting.allowed}`);
  }
  // Rules may rely on each value being good by itself.
  if (problems.length === 0) problems.push(...(definition.rules?.(values as SettingValues<S>) ?? []));
  if (problems.length > 0) throw new SettingsError(problems);
  return values as SettingValues<S>;
}

/** One setting as `/settings` shows it. */
export interface SettingReport {
  readonly name: string;
  /** The text as given or by default, a mask for a secret, null when unset. */
  readonly value: string | null;
  readonly default: string | null;
  readonly source: 'environment' | 'default' | 'unset';
  readonly about: string;
}

/** What a process runs with, without its secrets. */
export function reportSettings(definition: SettingsDefinition, env: Environment): SettingReport[] {
  return Object.entries(definition.settings).map(([name, setting]) => {
    const given = env[name] || undefined;
    const value = given ?? setting.default ?? null;
    return {
      name,
      value: value !== null && setting.secret ? MASK : value,
      default: setting.default ?? null,
      source: given !== undefined ? 'environment' : value === null ? 'unset' : 'default',
      about: setting.about,
    };
  });
}

function shown(given: string, setting: Setting<unknown>): string {
  if (setting.secret) return `a secret of ${given.length} characters`;
  // JSON keeps line ends and control characters out of the one line.
  return JSON.stringify(given.length > 80 ? `${given.slice(0, 80)}…` : given);
}
