import { expect, test } from 'vitest';
import { FakeClock } from '../clock/fake-clock.ts';
import { MotifError } from '../errors.ts';
import type { LoggerOptions } from './logger.ts';
import { createLogger } from './logger.ts';

function recorded(options: LoggerOptions = {}) {
  const lines: string[] = [];
  const logger = createLogger({ write: (line) => lines.push(line), clock: new FakeClock(0), ...options });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? 'null') };
}

test('a line is JSON with time, level, message and the fields of the logger and its parents', () => {
  const { logger, lines } = recorded({ fields: { container: 'sharding' } });
  logger.child({ shard: 'cart-0' }).info('ejected', { failures: 3 });
  expect(lines).toEqual([
    '{"ts":"1970-01-01T00:00:00.000Z","level":"info","msg":"ejected","container":"sharding","shard":"cart-0","failures":3}',
  ]);
});

test('the level is shared between a logger and its children and can change', () => {
  const { logger, lines } = recorded({ level: 'warn' });
  const child = logger.child({ a: 1 });
  child.info('no');
  child.level = 'debug';
  logger.debug('yes');
  expect(lines).toHaveLength(1);
  expect(logger.level).toBe('debug');
});

test('a field cannot take the place of time, level or message', () => {
  const { logger, last } = recorded();
  logger.info('real', { msg: 'fake', level: 'fake', ts: 'fake' });
  expect(last()).toMatchObject({ msg: 'real', level: 'info', ts: '1970-01-01T00:00:00.000Z' });
});

test('errors show their code and causes', () => {
  const { logger, last } = recorded();
  logger.error('failed', { error: new MotifError('Broken', 'outer', { cause: new Error('inner') }) });
  expect(last().error).toMatchObject({ name: 'MotifError', code: 'Broken', message: 'outer' });
  expect(last().error.cause).toMatchObject({ message: 'inner' });
});

test('secrets are masked at any depth', () => {
  const { logger, last } = recorded();
  logger.info('x', { password: 'p', auth: { accessToken: 't', user: 'u' }, headers: { authorization: 'Bearer q' } });
  expect(last()).toMatchObject({
    password: '***',
    auth: { accessToken: '***', user: 'u' },
    headers: { authorization: '***' },
  });
});

test('what JSON cannot hold does not lose the line', () => {
  const { logger, last } = recorded();
  const loop: Record<string, unknown> = { name: 'loop' };
  loop.self = loop;
  const shared = { a: 1 };
  const hostile = {
    toJSON() {
      throw new Error('no');
    },
  };
  logger.info('odd', {
    loop,
    big: 10n,
    fn: expect,
    bytes: Buffer.from('abc'),
    map: new Map([['k', 1]]),
    shared: [shared, shared],
  });
  expect(last()).toMatchObject({ loop: { self: '[circular]' }, big: '10', bytes: '[3 bytes]', map: { k: 1 } });
  expect(last().shared).toEqual([{ a: 1 }, { a: 1 }]);
  logger.info('hostile', { hostile });
  expect(last()).toMatchObject({ msg: 'hostile', logError: 'Error: no' });
});
