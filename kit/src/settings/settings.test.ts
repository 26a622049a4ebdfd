import { describe, expect, test } from 'vitest';
import { commonSettings } from './common.ts';
import { defineSettings, parseSettings, reportSettings, SettingsError } from './define.ts';
import { address, duration, flag, integer, list, listen, path, size, text } from './kinds.ts';
import { optional } from './setting.ts';

const definition = defineSettings({
  container: 'sample',
  settings: {
    ...commonSettings,
    LISTEN: listen({ default: '127.0.0.1:6379', about: 'Where clients connect.' }),
    UPSTREAM: address({ about: 'What is called.' }),
    TIMEOUT: duration({ default: '1s', min: '1ms', max: '1m', about: 'Of one call.' }),
    BUFFER: size({ default: '64Ki', min: '1Ki', max: '1Gi', about: 'Of one connection.' }),
    WORKERS: integer({ default: '4', min: 1, max: 64, about: 'At once.' }),
    STRICT: flag({ default: 'false', about: 'Refuse more.' }),
    FILE: optional(path({ about: 'Read at start.' })),
    ITEMS: optional(list({ item: /^[a-z]+$/, allowed: 'lower-case words with commas between them', about: 'Some.' })),
    PASSWORD: optional(text({ secret: true, maxLength: 16, about: 'Sent upstream.' })),
  },
  rules: ({ WORKERS, STRICT }) => (STRICT && WORKERS > 8 ? ['WORKERS is 9 or more; with STRICT=true at most 8'] : []),
});

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    parseSettings(definition, { UPSTREAM: 'a:1', ...env });
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

test('defaults and given values are parsed to typed values', () => {
  const values = parseSettings(definition, {
    UPSTREAM: '[fd00::1]:80',
    TIMEOUT: '250ms',
    WORKERS: '',
    ITEMS: 'a, b',
    HOME: '/root',
  });
  expect(values).toEqual({
    ADMIN_LISTEN: { host: '0.0.0.0', port: 9900 },
    LOG_LEVEL: 'info',
    DRAIN_TIMEOUT: 25_000,
    LISTEN: { host: '127.0.0.1', port: 6379 },
    UPSTREAM: { host: 'fd00::1', port: 80 },
    TIMEOUT: 250,
    BUFFER: 65_536,
    WORKERS: 4,
    STRICT: false,
    ITEMS: ['a', 'b'],
  });
  const timeout: number = values.TIMEOUT;
  const file: string | undefined = values.FILE;
  expect([timeout, file]).toEqual([250, undefined]);
});

describe('a bad setting gives one line naming the variable, the value and what is allowed', () => {
  test.each([
    ['LISTEN', '6379', 'host:port'],
    ['LISTEN', 'a:70000', 'host:port'],
    ['UPSTREAM', 'redis:0', 'host:port'],
    [
      'TIMEOUT',
      '10',
      'a duration of up to four numbers with units h, m, s, ms, such as 250ms, 10s or 1h30m, from 1ms to 1m',
    ],
    ['TIMEOUT', '2m', 'from 1ms to 1m'],
    ['BUFFER', '1KB', 'a size such as 64Ki, 16Mi or 1Gi, from 1Ki to 1Gi'],
    ['BUFFER', '1500m', 'a size'],
    ['WORKERS', '0', 'a whole number from 1 to 64'],
    ['WORKERS', '1.5', 'a whole number from 1 to 64'],
    ['STRICT', 'yes', 'true or false'],
    ['FILE', 'relative/path', 'an absolute path'],
    ['ITEMS', 'a,,b', 'lower-case words'],
    ['LOG_LEVEL', 'INFO', 'one of debug, info, warn, error'],
    ['LOG_LEVEL', 'a\nb', 'one of debug'],
  ])('%s=%j', (name, value, allowed) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${name} is ${JSON.stringify(value)}; allowed: `);
    expect(problems[0]).toContain(allowed);
    expect(problems[0]).not.toContain('\n');
  });

  test('all problems are told at once, a missing one too', () => {
    expect(problemsOf({ UPSTREAM: '', WORKERS: 'x', STRICT: 'x' })).toEqual([
      'UPSTREAM is not set; allowed: host:port, such as redis.shop:6379 or [fd00::1]:80',
      'WORKERS is "x"; allowed: a whole number from 1 to 64',
      'STRICT is "x"; allowed: true or false',
    ]);
  });

  test('rules between settings', () => {
    expect(problemsOf({ WORKERS: '9', STRICT: 'true' })).toEqual(['WORKERS is 9 or more; with STRICT=true at most 8']);
  });

  test('a secret is not repeated, nor is a very long value', () => {
    expect(problemsOf({ PASSWORD: 'correct horse battery' })[0]).toBe(
      'PASSWORD is a secret of 21 characters; allowed: text of at most 16 characters',
    );
    expect(problemsOf({ FILE: 'x'.repeat(5000) })[0]?.length).toBeLessThan(200);
  });
});

test('the report masks secrets and says where a value is from', () => {
  const report = reportSettings(definition, { UPSTREAM: 'a:1', PASSWORD: 'hunter2' });
  const byName = Object.fromEntries(report.map(({ name, value, source }) => [name, [value, source]]));
  expect(byName).toMatchObject({
    UPSTREAM: ['a:1', 'environment'],
    PASSWORD: ['***', 'environment'],
    WORKERS: ['4', 'default'],
    FILE: [null, 'unset'],
  });
  expect(JSON.stringify(report)).not.toContain('hunter2');
});

test.each([
  ['REDIS_HOST', text({ about: 'x' })],
  ['REDIS_PORT', text({ about: 'x' })],
  ['lower', text({ about: 'x' })],
  ['COUNT', integer({ min: 1, max: 2, default: '3', about: 'x' })],
  ['PASSWORD', text({ secret: true, default: 'x', about: 'x' })],
])('a wrong definition is refused: %s', (name, setting) => {
  expect(() => defineSettings({ container: 'x', settings: { [name]: setting } })).toThrow(name);
});
