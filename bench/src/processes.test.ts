import { once } from 'node:events';
import { expect, test } from 'vitest';
import { cpuMicroseconds, freePort, listening, memory, Processes, requirePrograms } from './processes.ts';

test('CPU time and memory of a process are read from the kernel', () => {
  const before = cpuMicroseconds(process.pid);
  const end = performance.now() + 60;
  while (performance.now() < end);
  expect(cpuMicroseconds(process.pid)).toBeGreaterThanOrEqual(before);
  expect(before).toBeGreaterThan(0);
  const { resident, peak } = memory(process.pid);
  expect(resident).toBeGreaterThan(10);
  expect(peak).toBeGreaterThanOrEqual(resident);
});

test('missing programs are named, with the package that brings them', () => {
  expect(() => requirePrograms({ sh: 'dash', 'no-such-program': 'some-package', 'nor-this': 'some-package' })).toThrow(
    'this benchmark needs no-such-program, nor-this: apt-get install some-package',
  );
  expect(() => requirePrograms({ sh: 'dash' })).not.toThrow();
});

test('a program runs to its end, and one that fails says why', async () => {
  const processes = new Processes();
  expect(await processes.run(0, 'echo', ['hello'])).toBe('hello\n');
  await expect(processes.run(0, 'sh', ['-c', 'echo broken >&2; exit 3'])).rejects.toThrow(/failed \(3\): broken/);
});

test('whatever was started is gone after stopAll', async () => {
  const processes = new Processes();
  const children = [processes.start(0, 'sleep', ['600']), processes.start(0, 'sleep', ['600'])];
  await processes.stopAll();
  for (const child of children) expect(child.signalCode).toBe('SIGTERM');
});

test('a port that nobody listens on is said so', async () => {
  const port = await freePort();
  await expect(listening(port, 'the server', { exitCode: null }, 0.1)).rejects.toThrow(
    `the server does not accept connections on 127.0.0.1:${port}`,
  );
  await expect(listening(port, 'the server', { exitCode: 1 })).rejects.toThrow('the server ended before');
  const { createServer } = await import('node:net');
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  await listening(port, 'the server', { exitCode: null }, 5);
  server.close();
});
