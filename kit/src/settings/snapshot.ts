import type { SettingsDefinition } from './define.ts';

/** What was promised about one setting in a release. */
export interface SettingPromise {
  readonly default: string | null;
  readonly allowed: string;
  readonly about: string;
}

/** The promises of one release by name. */
export type SettingsSnapshot = Readonly<Record<string, SettingPromise>>;

/** What the definition promises now. */
export function snapshotOf({ settings }: SettingsDefinition): SettingsSnapshot {
  return Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => [
      name,
      { default: setting.default ?? null, allowed: setting.allowed, about: setting.about },
    ]),
  );
}

/**
 * What a user of the release `then` would find changed: names that are gone, other defaults, other allowed values or meanings, and new
 * settings that must be set. New settings that may be left out break nobody.
 */
export function brokenPromises(then: SettingsSnapshot, { settings }: SettingsDefinition): string[] {
  const now = snapshotOf({ container: '', settings });
  const gone = Object.entries(then).flatMap(([name, promise]) => {
    const current = now[name];
    if (current === undefined) return [`${name} is gone`];
    return (['default', 'allowed', 'about'] as const)
      .filter((part) => promise[part] !== current[part])
      .map(
        (part) => `${name}: its ${part} was ${JSON.stringify(promise[part])} and is ${JSON.stringify(current[part])}`,
      );
  });
  const demanded = Object.entries(settings)
    .filter(([name, setting]) => then[name] === undefined && setting.default === undefined && !setting.optional)
    .map(([name]) => `${name} is new and required`);
  return [...gone, ...demanded];
}
