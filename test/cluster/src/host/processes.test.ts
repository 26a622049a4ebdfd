import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

import {
  identify,
  isAlive,
  markedProcesses,
  marker,
  parseEnvironment,
  parseStartTime,
  parseState,
  signal,
} from './processes.ts';

const stat = `42 (a (strange) name) S ${Array.from({ length: 18 }, (_, index) => index).join(' ')} 987654 0 0`;

test('reads state and start time whatever the name of the program', () => {
  expect(parseState(stat)).toBe('S');
  expect(parseStartTime(stat)).toBe('987654');
});

test('reads an environment, values with equal signs and empty ones included', () => {
  expect([...parseEnvironment('A=1\0B=x=y\0C=\0garbage\0')]).toEqual([
    ['A', '1'],
    ['B', 'x=y'],
    ['C', ''],
  ]);
});

test.runIf(process.platform === 'linux')(
  'finds marked processes, and another process of the same number is not taken for one',
  async () => {
    const key = `test-${process.pid}`;
    const child = spawn('sleep', ['60'], {
      env: { [marker.cluster]: key, [marker.part]: 'sleeper', PATH: process.env.PATH },
    });
    await once(child, 'spawn');
    try {
      const found = markedProcesses(key);
      expect(found.map(({ pid, part }) => [pid, part])).toEqual([[child.pid, 'sleeper']]);
      expect(markedProcesses(`${key}0`)).toEqual([]);
      const id = identify(child.pid ?? 0);
      expect(id && isAlive(id)).toBe(true);
      const impostor = { pid: child.pid ?? 0, startTime: '1' };
      expect(isAlive(impostor)).toBe(false);
      expect(signal(impostor, 'SIGKILL')).toBe(false);
      expect(markedProcesses(key)).toHaveLength(1);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    expect(markedProcesses(key)).toEqual([]);
  },
);
