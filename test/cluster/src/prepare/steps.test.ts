import { expect, test } from 'vitest';

import { formatSeconds, runSteps, type Step, usually } from './steps.ts';

function step(title: string, done: boolean, work: () => Promise<void> = async () => {}): Step {
  return { title, usualSeconds: 30, done: async () => done, work };
}

/** Lets whatever has happened be noticed first. */
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

function clock(): () => number {
  let seconds = 0;
  return () => seconds++;
}

test('counts and does only what is missing, and says where it is', async () => {
  const lines: string[] = [];
  const did: string[] = [];
  const work = (name: string) => async () => void did.push(name);
  await runSteps(
    [[step('a', true, work('a')), step('b', false, work('b')), step('c', false, work('c'))]],
    (line) => lines.push(line),
    clock(),
  );
  expect(did).toEqual(['b', 'c']);
  expect(lines).toEqual([
    '[1/2] b … usually 30 s',
    '[1/2] b: done in 1.0 s',
    '[2/2] c … usually 30 s',
    '[2/2] c: done in 1.0 s',
  ]);
});

test('says nothing when all is done', async () => {
  const lines: string[] = [];
  await runSteps([[step('a', true)], []], (line) => lines.push(line), clock());
  expect(lines).toEqual([]);
});

test('lanes run side by side and share their numbers', async () => {
  const lines: string[] = [];
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const waits = step('waits', false, () => gate);
  await runSteps([[waits], [step('opens', false, async () => open())]], (line) => lines.push(line), clock());
  expect(lines[0]).toBe('[1/2] waits … usually 30 s');
  expect(lines[1]).toBe('[2/2] opens … usually 30 s');
});

test('a failure is thrown, and no lane begins another step', async () => {
  const did: string[] = [];
  let failed = (): void => {};
  const failing = new Promise<void>((resolve) => {
    failed = resolve;
  });
  const lanes = [
    [step('fails', false, async () => Promise.reject(new Error('no')).finally(failed))],
    [
      step('slow', false, () => failing.then(nextTurn).then(() => void did.push('slow'))),
      step('never', false, async () => void did.push('never')),
    ],
  ];
  await expect(runSteps(lanes, () => {}, clock())).rejects.toThrow('no');
  expect(did).toEqual(['slow']);
});

test.each([
  [1, 'usually a moment'],
  [12, 'usually 10 s'],
  [89, 'usually 90 s'],
  [400, 'usually 7 min'],
])('%d seconds are said as "%s"', (seconds, text) => {
  expect(usually(seconds)).toBe(text);
});

test('durations', () => {
  expect([formatSeconds(3.21), formatSeconds(95)]).toEqual(['3.2 s', '1 min 35 s']);
});
