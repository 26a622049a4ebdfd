import { z } from 'zod';
import { DURATION_FORM, formatDuration, LONGEST_DURATION, parseDuration } from '../units/duration.ts';
import { formatQuantity, parseQuantity } from '../units/quantity.ts';
import type { Address } from './address.ts';
import { parseAddress } from './address.ts';
import type { Setting, SettingOptions } from './setting.ts';
import { settingOf } from './setting.ts';

/** A zod schema that reads a text with a function which returns undefined for what it does not take. */
function reading<T>(read: (text: string) => T | undefined): z.ZodType<T, string> {
  return z.string().transform((text, context) => {
    const value = read(text);
    if (value === undefined) {
      context.addIssue({ code: 'custom', message: 'not allowed' });
      return z.NEVER;
    }
    return value;
  });
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Any text of 1 to `maxLength` (1024) characters without control characters. */
export function text(
  options: SettingOptions & { maxLength?: number; allowed?: string; pattern?: RegExp },
): Setting<string> {
  const { maxLength = 1024, pattern } = options;
  const read = (value: string) =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
    value.length <= maxLength && !/[\x00-\x1f\x7f]/.test(value) && (pattern?.test(value) ?? true) ? value : undefined;
  return settingOf(reading(read), options.allowed ?? `text of at most ${maxLength} characters`, options);
}

/** A path of a file or folder that starts with `/`; a relative one would depend on where the process was started. */
export function path(options: SettingOptions): Setting<string> {
  const read = (value: string) => (value.startsWith('/') && !value.includes('\0') ? value : undefined);
  return settingOf(reading(read), 'an absolute path', options);
}

/** One of a fixed list of words. */
export function choice<const T extends string>(options: SettingOptions & { of: readonly T[] }): Setting<T> {
  const read = (value: string) => options.of.find((word) => word === value);
  return settingOf(reading(read), `one of ${options.of.join(', ')}`, options);
}

/** `true` or `false`. */
export function flag(options: SettingOptions): Setting<boolean> {
  const read = (value: string) => ({ true: true, false: false })[value];
  return settingOf(reading(read), 'true or false', options);
}

/** A whole number. */
export function integer(options: SettingOptions & { min: number; max: number }): Setting<number> {
  const { min, max } = options;
  const read = (value: string) => within(/^-?[0-9]{1,16}$/.test(value) ? Number(value) : undefined, min, max);
  return settingOf(reading(read), `a whole number from ${min} to ${max}`, options);
}

/** A duration with its unit, as milliseconds; `min` and `max` are texts too. */
export function duration(options: SettingOptions & { min?: string; max?: string }): Setting<number> {
  const min = parseDuration(options.min ?? '0s');
  const max = options.max === undefined ? LONGEST_DURATION : parseDuration(options.max);
  const read = (value: string) =>
    within(
      attempt(() => parseDuration(value)),
      min,
      max,
    );
  return settingOf(reading(read), `${DURATION_FORM}${range(options, formatDuration, min, max)}`, options);
}

/** A size with its unit, as a whole number of bytes; `min` and `max` are texts too. */
export function size(options: SettingOptions & { min?: string; max?: string }): Setting<number> {
  const min = parseQuantity(options.min ?? '0');
  const max = options.max === undefined ? Number.MAX_SAFE_INTEGER : parseQuantity(options.max);
  const read = (value: string) => {
    const bytes = within(
      attempt(() => parseQuantity(value)),
      min,
      max,
    );
    return bytes !== undefined && Number.isInteger(bytes) ? bytes : undefined;
  };
  return settingOf(
    reading(read),
    `a size such as 64Ki, 16Mi or 1Gi${range(options, formatQuantity, min, max)}`,
    options,
  );
}

/** `host:port` to listen on; the image exposes the default's port unless `expose` is false. Port 0 takes any free one. */
export function listen(options: SettingOptions & { expose?: boolean }): Setting<Address> {
  const setting = settingOf(
    reading(parseAddress),
    'host:port, such as 127.0.0.1:6379, 0.0.0.0:9900 or [::]:80',
    options,
  );
  const address = options.default === undefined ? undefined : parseAddress(options.default);
  return address === undefined || options.expose === false ? setting : { ...setting, exposes: address.port };
}

/** `host:port` of something to call. */
export function address(options: SettingOptions): Setting<Address> {
  const read = (value: string) => {
    const parsed = parseAddress(value);
    return parsed !== undefined && parsed.port > 0 ? parsed : undefined;
  };
  return settingOf(reading(read), 'host:port, such as redis.shop:6379 or [fd00::1]:80', options);
}

/** Items with commas between them, blanks around each dropped; `item` says what one may be. At most 64. */
export function list(options: SettingOptions & { item: RegExp; allowed: string }): Setting<readonly string[]> {
  const read = (value: string) => {
    const items = value.split(',').map((item) => item.trim());
    return items.length <= 64 && items.every((item) => options.item.test(item)) ? items : undefined;
  };
  return settingOf(reading(read), options.allowed, options);
}

function within(value: number | undefined, min: number, max: number): number | undefined {
  return value !== undefined && value >= min && value <= max ? value : undefined;
}

function range(
  given: { min?: string; max?: string },
  format: (value: number) => string,
  min: number,
  max: number,
): string {
  if (given.max !== undefined) return `, from ${format(min)} to ${format(max)}`;
  return given.min === undefined ? '' : `, at least ${format(min)}`;
}
