import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { afterEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../clock/fake-clock.ts';
import { drainWithin } from './drain.ts';

const children: ChildProcessWithoutNullStreams[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function sample(env: Record<string, string>) {
  const file = new URL('./testdata/sample-container.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [file], { env: { ADMIN_LISTEN: '127.0.0.1:0', ...env } });
  children.push(child);
  let out = '';
  let err = '';
  const waiting = new Set<() => void>();
  child.stdout.on('data', (chunk) => {
    out += chunk;
    for (const look of waiting) look();
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const ended = new Promise<{ code: number | null; signal: string | null; out: string; err: string }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, out, err }));
  });
  const said = (text: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (out.includes(text)) resolve();
      };
      waiting.add(look);
      look();
    });
  return { child, ended, said };
}

describe('a process', () => {
  test('drains at SIGTERM and exits 0', async () => {
    const { child, ended, said } = sample({});
    await said('"started"');
    child.kill('SIGTERM');
    const { code, out } = await ended;
    expect(code).toBe(0);
    expect(
      out
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line).msg),
    ).toEqual(['started', 'draining', 'drain was asked for', 'drained']);
  });

  test('a drain that does not end is cut off at the time-out', async () => {
    const { child, ended, said } = sample({ BEHAVIOUR: 'hang', DRAIN_TIMEOUT: '50ms' });
    await said('"started"');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0, out: expect.stringContaining('not everything in flight') });
  });

  test('a second signal ends it at once', async () => {
    const { child, ended, said } = sample({ BEHAVIOUR: 'hang', DRAIN_TIMEOUT: '1h' });
    await said('"started"');
    child.kill('SIGTERM');
    await said('drain was asked for');
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130 });
  });

  test('every bad setting is one line, then exit 1', async () => {
    const { code, err, out } = await sample({ LOG_LEVEL: 'loud', DRAIN_TIMEOUT: '10' }).ended;
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err.trimEnd().split('\n')).toEqual([
      'sample: LOG_LEVEL is "loud"; allowed: one of debug, info, warn, error',
      expect.stringMatching(/^sample: DRAIN_TIMEOUT is "10"; allowed: a duration .* from 0s to 1h$/),
    ]);
  });

  test.each([
    ['throw', 'thrown by nobody'],
    ['reject', 'awaited by nobody'],
    ['fail', 'only a restart helps'],
  ])('%s: the error is logged and the exit code is 1', async (BEHAVIOUR, message) => {
    expect(await sample({ BEHAVIOUR }).ended).toMatchObject({ code: 1, out: expect.stringContaining(message) });
  });

  test('an address that is taken ends it with the reason', async () => {
    const { code, out } = await sample({ ADMIN_LISTEN: '203.0.113.1:9900' }).ended;
    expect(code).toBe(1);
    expect(out).toContain('cannot listen on 203.0.113.1:9900');
  });
});

describe('drainWithin', () => {
  test('the deadline is signalled, and what then ends counts as timed out', async () => {
    const clock = new FakeClock();
    const outcome = drainWithin(
      (deadline) => new Promise((resolve) => deadline.addEventListener('abort', () => resolve())),
      1000,
      clock,
    );
    await clock.advanceAsync(1000);
    expect(await outcome).toEqual({ result: 'timed out' });
    expect(clock.pending).toBe(0);
  });

  test('one that ignores the deadline is given up half a second later', async () => {
    const clock = new FakeClock();
    let outcome: unknown;
    void drainWithin(() => new Promise(() => {}), 1000, clock).then((result) => {
      outcome = result;
    });
    await clock.advanceAsync(1499);
    expect(outcome).toBeUndefined();
    await clock.advanceAsync(1);
    expect(outcome).toEqual({ result: 'timed out' });
  });

  test('a drain that throws is told', async () => {
    const error = new Error('x');
    const outcome = await drainWithin(() => Promise.reject(error), 1000, new FakeClock());
    expect(outcome).toEqual({ result: 'failed', error });
  });
});
