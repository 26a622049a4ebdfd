import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compare } from '../../conformance/redis/differential.ts';
import { exceptions } from '../../conformance/redis/exceptions.ts';
import { scripts } from '../../conformance/redis/scripts/index.ts';
import { type Local, startLocal } from './local.ts';

let local: Local;
beforeAll(async () => {
  local = await startLocal();
});
afterAll(() => local?.close());

describe.each(['one by one', 'pipelined'] as const)('%s', (pace) => {
  test.each(scripts)('$name: answered as by a single redis-server', async (script) => {
    expect(await compare(script, pace, local.single, local.proxy)).toEqual([]);
  });
});

test('every exception is about a line that exists', () => {
  const lines = new Set(scripts.flatMap((script) => script.lines.map((line) => `${script.name}: ${line.text}`)));
  expect(exceptions.map((one) => `${one.script}: ${one.line}`).filter((line) => !lines.has(line))).toEqual([]);
});
