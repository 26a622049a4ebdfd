import { expect, test } from 'vitest';

import { parseArguments } from './arguments.ts';

test('understands its commands', () => {
  expect(parseArguments(['up'])).toEqual({ name: 'up', nodes: 1 });
  expect(parseArguments(['up', '--nodes', '2'])).toEqual({ name: 'up', nodes: 2 });
  expect(parseArguments(['up', '--nodes=3'])).toEqual({ name: 'up', nodes: 3 });
  expect(parseArguments(['down'])).toEqual({ name: 'down' });
  expect(parseArguments(['load', 'a', 'b.tar'])).toEqual({ name: 'load', images: ['a', 'b.tar'] });
});

test.each([
  [[], 'a command is missing'],
  [['start'], 'there is no command start'],
  [['up', '--nodes'], 'up takes --nodes N, got --nodes'],
  [['up', '--nodes', 'two'], '--nodes is two; it has to be 1 to 9'],
  [['up', '--nodes', '0'], '--nodes is 0; it has to be 1 to 9'],
  [['up', '2'], 'up takes --nodes N, got 2'],
  [['down', 'now'], 'down takes no arguments, got now'],
  [['load'], 'load needs the name of an image'],
])('%j: %s', (args, message) => {
  expect(() => parseArguments(args)).toThrow(message);
  expect(() => parseArguments(args)).toThrow('usage: npm run cluster');
});
