import { expect, test } from 'vitest';
import { refuseArguments } from './arguments.ts';

test('a command without arguments goes on', () => {
  expect(refuseArguments('npm run demo', 'Shows it.', [])).toBeUndefined();
});

test('who asks for help gets it, and nothing else happens', () => {
  expect(refuseArguments('npm run demo', 'Shows it.', ['--help'])).toEqual({
    text: 'usage: npm run demo\nShows it.',
    exitCode: 0,
  });
});

test('what it does not know is named', () => {
  const refused = refuseArguments('npm run demo', 'Shows it.', ['--fast', 'now']);
  expect(refused?.exitCode).toBe(2);
  expect(refused?.text).toContain('npm run demo takes no arguments, got --fast now\nusage: npm run demo\n');
});
