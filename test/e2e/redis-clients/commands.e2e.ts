import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandTable, keyIndexes } from '@motif/chassis/redis/commands/index';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Local, startLocal } from './local.ts';

const recorded = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../chassis/src/redis/commands/testdata/getkeys.json'), 'utf8'),
) as { examples: [line: string, keys: string[] | null][] };

let local: Local;
let server: Redis;
beforeAll(async () => {
  local = await startLocal({ ambassador: false });
  server = new Redis(local.single);
});
afterAll(async () => {
  server?.disconnect();
  await local?.close();
});

const wordsOf = (line: string): string[] => line.split(' ').map((word) => (word === '""' ? '' : word));

test('the recorded keys are what this redis-server says', async () => {
  const pipeline = server.pipeline();
  for (const [line] of recorded.examples) pipeline.call('COMMAND', 'GETKEYS', ...wordsOf(line));
  const answers = await pipeline.exec();
  const now = recorded.examples.map(([line], i) => [line, answers?.[i]?.[0] == null ? answers?.[i]?.[1] : null]);
  expect(now).toEqual(recorded.examples);
});

/** A table that knows nothing but what a server's COMMAND teaches. */
async function learntFromServer(): Promise<CommandTable> {
  const table = new CommandTable([]);
  table.learn(await server.call('COMMAND'));
  return table;
}

describe('a table learnt from COMMAND alone', () => {
  test('forwards nothing that ours does not', async () => {
    const [learnt, ours] = [await learntFromServer(), new CommandTable()];
    const names = recorded.examples.map(([line]) => wordsOf(line)[0]?.toLowerCase() ?? '');
    const bolder = names.filter(
      (name) =>
        learnt.named(name)?.treatment === 'forward' &&
        !['forward', 'split'].includes(ours.named(name)?.treatment ?? ''),
    );
    expect(bolder).toEqual([]);
  });

  test('finds the same keys in the commands that it forwards', async () => {
    const [learnt, ours] = [await learntFromServer(), new CommandTable()];
    let compared = 0;
    for (const [line] of recorded.examples) {
      const bytes = wordsOf(line).map((word) => Buffer.from(word));
      const args = argumentsOf(bytes);
      const [one, other] = [learnt.resolve(args), ours.resolve(args)];
      if (one?.treatment !== 'forward' || other === undefined || other.walk !== 'rules') continue;
      const [left, right]: [number[], number[]] = [[], []];
      expect([keyIndexes(one, args, left), left], line).toEqual([keyIndexes(other, args, right), right]);
      compared++;
    }
    expect(compared).toBeGreaterThan(120);
  });
});

function argumentsOf(words: readonly Buffer[]) {
  const starts: number[] = [];
  const ends: number[] = [];
  let at = 0;
  for (const word of words) {
    starts.push(at);
    at += word.length;
    ends.push(at);
  }
  return { buffer: Buffer.concat(words), count: words.length, starts, ends };
}
