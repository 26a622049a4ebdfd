import { createLogger, systemClock } from '@motif/kit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MountedVolume } from '../files/testing.ts';
import { SecretFiles } from './secret-files.ts';

let volume: MountedVolume;
let secrets: SecretFiles;
let log: string;

beforeEach(() => {
  volume = new MountedVolume();
  log = '';
  const write = (line: string) => {
    log += line;
  };
  secrets = new SecretFiles({ folder: volume.folder, logger: createLogger({ write }), clock: systemClock, pollMs: 20 });
});
afterEach(() => {
  secrets.close();
  volume.destroy();
});

test('a secret is read when it appears and again when it changes; its value is never logged', async () => {
  const seen: (string | undefined)[] = [];
  secrets.want('auth-password', () => seen.push(secrets.get('auth-password')));
  await vi.waitFor(() => expect(secrets.missing()).toEqual(['auth-password: no such file']));
  await volume.publish({ 'auth-password': 'first\n', unwanted: 'x' });
  await vi.waitFor(() => expect(seen).toEqual(['first']));
  await volume.publish({ 'auth-password': 'second' });
  await vi.waitFor(() => expect(seen).toEqual(['first', 'second']));
  expect(secrets.missing()).toEqual([]);
  expect(secrets.get('unwanted')).toBeUndefined();
  expect(log).not.toMatch(/first|second/);
});

test('a file that vanishes or is emptied keeps its last value, and the log says so', async () => {
  secrets.want('auth-password');
  await volume.publish({ 'auth-password': 'kept' });
  await vi.waitFor(() => expect(secrets.get('auth-password')).toBe('kept'));
  await volume.publish({ 'auth-password': '\n' });
  await vi.waitFor(() => expect(log).toContain('the file is empty'));
  await volume.publish({});
  await vi.waitFor(() => expect(log).toContain('no such file'));
  expect(secrets.get('auth-password')).toBe('kept');
});

test('a value keeps its inner and further line ends', async () => {
  secrets.want('key');
  await volume.publish({ key: 'a\nb\n\n' });
  await vi.waitFor(() => expect(secrets.get('key')).toBe('a\nb\n'));
});

test('a name cannot lead out of the folder', () => {
  for (const name of ['../etc/passwd', '/etc/passwd', '..data', '']) {
    expect(() => secrets.want(name)).toThrow('is no name of a secret file');
  }
});
