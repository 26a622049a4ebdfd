import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withRedisProbes } from './redis-probes.ts';

/** The scripts are run by a real shell with a `redis-cli` that answers what the test says. */
describe('probes of redis', () => {
  let path: string;

  beforeAll(() => {
    path = mkdtempSync(join(tmpdir(), 'motif-probe-'));
    const client = join(path, 'redis-cli');
    writeFileSync(client, '#!/bin/sh\necho "$REPLY_TEXT"\necho "$* auth=$REDISCLI_AUTH" >&2\nexit "$REPLY_CODE"\n');
    chmodSync(client, 0o755);
    symlinkSync('/bin/sh', join(path, 'sh'));
  });
  afterAll(() => rmSync(path, { recursive: true }));

  const run = (probe: 'livenessProbe' | 'readinessProbe', reply: string, code: number, searchPath = path) => {
    const login = { username: true, password: true };
    const container = withRedisProbes({ name: 'redis' }, 7000, login) as Record<
      string,
      { exec?: { command: string[] } }
    >;
    const [program, ...args] = container[probe]?.exec?.command ?? [];
    const env = {
      PATH: searchPath,
      REPLY_TEXT: reply,
      REPLY_CODE: String(code),
      MOTIF_PROBE_USER: 'me',
      MOTIF_PROBE_PASSWORD: 'pw',
    };
    const { status, stdout } = spawnSync(`/bin/${program}`, args, { env, encoding: 'utf8' });
    return { status, stdout };
  };

  test('a server that answers is alive and ready', () => {
    expect(run('livenessProbe', 'PONG', 0).status).toBe(0);
    expect(run('readinessProbe', 'PONG', 0).status).toBe(0);
  });

  test('one that loads is alive and not ready', () => {
    const loading = 'LOADING Redis is loading the dataset in memory';
    expect(run('livenessProbe', loading, 0).status).toBe(0);
    const readiness = run('readinessProbe', loading, 0);
    expect(readiness.status).toBe(1);
    expect(readiness.stdout).toContain(loading);
  });

  test('one that wants a password that we do not have is alive and ready', () => {
    expect(run('livenessProbe', 'NOAUTH Authentication required.', 0).status).toBe(0);
    expect(run('readinessProbe', 'NOAUTH Authentication required.', 0).status).toBe(0);
  });

  test('one that does not answer is neither', () => {
    const refused = 'Could not connect to Redis at 127.0.0.1:7000: Connection refused';
    expect(run('livenessProbe', refused, 1).status).toBe(1);
    expect(run('readinessProbe', refused, 1).status).toBe(1);
  });

  test('they ask the right port as the right user, with the password out of sight', () => {
    const { stdout } = run('readinessProbe', 'no', 0);
    expect(stdout).toContain('-h 127.0.0.1 -p 7000 --user me ping auth=pw');
  });

  test('an image without any client is judged by its port alone', () => {
    expect(run('livenessProbe', '', 1, '/nowhere').status).toBe(0);
    expect(run('readinessProbe', '', 1, '/nowhere').status).toBe(0);
  });

  test('probes of the template stay', () => {
    const own = { name: 'redis', startupProbe: {}, livenessProbe: {}, readinessProbe: {} };
    expect(withRedisProbes(own, 6379, { username: false, password: false })).toEqual(own);
  });
});
