import type { z } from 'zod';

/** One setting of a container: how its text is read, and what people are told about it. */
export interface Setting<T> {
  /** From the text of the environment variable (never empty) to the value. */
  readonly schema: z.ZodType<T, string>;
  /** The text that counts when the variable is unset or empty; none: see `optional`. */
  readonly default?: string;
  /** Without a default: whether the variable may be left out. */
  readonly optional: boolean;
  /** One sentence for the table in the README: what it does. */
  readonly about: string;
  /** What the text may be, with its range: for the table and for error messages. */
  readonly allowed: string;
  /** The value is never shown: not in errors, logs, `/settings` or an image. */
  readonly secret: boolean;
  /** The port that the image exposes because of the default. */
  readonly exposes?: number;
}

/** What each kind of setting takes. */
export interface SettingOptions {
  readonly about: string;
  readonly default?: string;
  readonly secret?: boolean;
}

/** The parts of a setting that do not depend on its kind. */
export function settingOf<T>(schema: z.ZodType<T, string>, allowed: string, options: SettingOptions): Setting<T> {
  return {
    schema,
    allowed,
    about: options.about,
    optional: false,
    secret: options.secret ?? false,
    ...(options.default === undefined ? {} : { default: options.default }),
  };
}

/** The same setting, which may be left out: its value is then undefined. It has no default. */
export function optional<T>(setting: Setting<T>): Setting<T | undefined> {
  return { ...setting, optional: true };
}
