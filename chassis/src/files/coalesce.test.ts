import { expect, test } from 'vitest';
import { coalesce } from './coalesce.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('runs one at a time, and once more for all that asked meanwhile', async () => {
  let runs = 0;
  const finish: (() => void)[] = [];
  const ask = coalesce(() => {
    runs++;
    return new Promise((resolve) => finish.push(resolve));
  });
  ask();
  ask();
  ask();
  expect(runs).toBe(1);
  finish[0]?.();
  await turn();
  expect(runs).toBe(2);
  finish[1]?.();
  await turn();
  expect(runs).toBe(2);
  ask();
  expect(runs).toBe(3);
});
