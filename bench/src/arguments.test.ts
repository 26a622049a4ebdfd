import { expect, test } from 'vitest';
import { parseArguments } from './arguments.ts';

const parse = (line: string) =>
  parseArguments(line.split(' ').filter(Boolean), { redis: ['p1', 'p16'], http: ['small'] });

test('defaults and all options', () => {
  expect(parse('redis')).toEqual({ name: 'redis', rounds: 5, seconds: 6, cases: [] });
  expect(parse('redis --json out.json --rounds 7 --seconds 3 --cases p1,p16')).toEqual({
    name: 'redis',
    json: 'out.json',
    rounds: 7,
    seconds: 3,
    cases: ['p1', 'p16'],
  });
});

test.each([
  ['', 'NAME: found "", allowed are redis, http'],
  ['other', 'NAME: found "other", allowed are redis, http'],
  ['redis --rounds 0', '--rounds: found "0", allowed are whole numbers from 1 to 100'],
  ['redis --seconds 1.5', '--seconds: found "1.5"'],
  ['redis --json', '--json needs a value'],
  ['redis --cases p1,small', '--cases: found "small", allowed are p1, p16, separated by commas'],
  ['redis --fast yes', 'found "--fast"'],
])('"%s" is refused in one sentence', (line, message) => {
  expect(() => parse(line)).toThrow(message);
});
