import { parseSettings, SettingsError } from '@motif/kit';
import { describe, expect, it } from 'vitest';
import { isLocal, listenOf } from './listen.ts';
import { sampledEvery } from './sampling.ts';
import { settings } from './settings.ts';
import { pairsOf } from './tracing.ts';

it('by default nothing is logged, traced or counted by key, and the topology says the port', () => {
  const values = parseSettings(settings, {});
  expect(values).toMatchObject({
    ACCESS_LOG: 'off',
    HOT_KEYS: 'off',
    MAX_CONNECTIONS: 16_384,
    JSON_BODY_LIMIT: 65_536,
  });
  expect(values.LISTEN).toBeUndefined();
  expect(values.OTEL_EXPORTER_OTLP_ENDPOINT).toBeUndefined();
});

describe('sampling', () => {
  it.each([
    ['off', 0],
    ['all', 1],
    ['1/1', 1],
    ['1/16', 16],
    ['1/9999999', 9_999_999],
  ])('%s', (text, every) => {
    expect(sampledEvery(parseSettings(settings, { HOT_KEYS: text }).HOT_KEYS)).toBe(every);
  });

  it.each(['on', '1/0', '2/3', '1/01', '1/99999999', '16', '1/2 '])('is not %j', (text) => {
    expect(() => parseSettings(settings, { ACCESS_LOG: text })).toThrow(SettingsError);
  });
});

describe('where to listen', () => {
  it('is what the setting says, else loopback', () => {
    expect(listenOf(undefined, 8080)).toEqual({ host: '127.0.0.1', port: 8080 });
    expect(listenOf({ host: '0.0.0.0', port: 1 }, 8080)).toEqual({ host: '0.0.0.0', port: 1 });
  });

  it.each([
    ['127.0.0.1', true],
    ['127.1.2.3', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['10.0.0.1', false],
  ])('%s is for the own pod only: %s', (host, local) => expect(isLocal({ host, port: 1 })).toBe(local));
});

it('pairs of names and values are decoded', () => {
  expect(pairsOf('a=1, b = x%20y ,c==,d=%')).toEqual({ a: '1', b: 'x y', c: '=', d: '%' });
  expect(pairsOf(undefined)).toEqual({});
});
