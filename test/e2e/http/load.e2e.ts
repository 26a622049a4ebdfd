import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Child, freePort, until } from '../redis/support/processes.ts';
import { type Account, countDone, judge } from './support/account.ts';

/** What the server below does to the request of this number instead of answering it well. */
const SPOILED: Record<number, (socket: Socket, good: string) => void> = {
  5: (socket, good) => socket.write(good + good),
  8: (socket) => socket.write(answer('another', 0)),
  11: (socket, good) => socket.end(good.slice(0, -5)),
  14: (socket) => socket.destroy(),
  17: (socket) => socket.write('HTTP/1.1 503 no\r\nx-motif-error: ShardEjected\r\ncontent-length: 4\r\n\r\nno\r\n'),
  20: (socket) => socket.write('garbage\r\n\r\n'),
};

function answer(id: string, bytes: number): string {
  const body = JSON.stringify({ id, bytes, instance: 'test' });
  return `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

let server: Server;
let load: Child;
let report: number;

beforeAll(async () => {
  server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      const head = chunk.toString('latin1');
      const id = /\/do\/([\w.]+)/.exec(head)?.[1];
      if (id === undefined) return; // the rest of a body
      const good = answer(id, Number(/content-length: (\d+)/.exec(head)?.[1] ?? 0));
      const spoil = SPOILED[Number(id.split('.')[1])];
      if (spoil === undefined) socket.write(good);
      else spoil(socket, good);
    });
  });
  const [port, reportPort] = [await freePort(), await freePort()];
  report = reportPort;
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  load = new Child(process.execPath, [join(import.meta.dirname, 'pods/count-load.mjs')], {
    ...{ PORT: String(port), REPORT: String(report), HOSTNAME: 'load', CONNECTIONS: '1', PAUSE: '1' },
  });
});

afterAll(async () => {
  await load?.end('SIGKILL');
  server.close();
});

const account = async (path: string): Promise<Account> =>
  (await fetch(`http://127.0.0.1:${report}${path}`)).json() as Promise<Account>;

test('the load sees an answer too many, one of somebody else, one that was cut, none at all, garbage, and a refusal', async () => {
  await until(
    'the load has asked thirty times',
    async () => ((await account('/').catch(() => undefined))?.sent ?? 0) >= 30,
  );
  const { sent, ok, failures, extra } = await account('/finish');
  expect(ok.get + ok.post + ok.keyed + failures.length).toBe(sent);
  expect(extra).toEqual([expect.stringContaining('load.5')]);
  expect(failures.map(({ id, kind, text }) => [id, kind, text])).toEqual([
    ['load.8', 'keyed', expect.stringMatching(/^wrong: the answer to load\.8 was .*another/)],
    ['load.11', 'keyed', expect.stringMatching(/^lost: the connection closed after \d+ bytes of an answer/)],
    ['load.14', 'keyed', 'lost: the connection closed after 0 bytes of an answer'],
    ['load.17', 'keyed', '503 ShardEjected no'],
    ['load.20', 'keyed', 'lost: not an answer: garbage'],
  ]);
});

test('the judgement finds what nobody did, and a POST that was done twice; a retry of the other kinds is none', () => {
  const account: Account = {
    sent: 9,
    ok: { get: 3, post: 3, keyed: 2 },
    slowestMs: 1,
    failures: [{ id: 'a.8', kind: 'keyed', text: 'lost: x', at: '' }],
    extra: ['HTTP/1.1 200'],
    instances: {},
  };
  // a.0 is a GET and a.2 keyed: each was done twice, which is allowed. a.1 is a POST done twice, a.4 one that nobody did.
  const done = countDone(['a.0\na.0\na.1\na.2\na.3\n', 'a.1\na.2\na.5\na.6\na.7\n']);
  expect(judge('a', account, done)).toEqual({
    sent: 9,
    answered: 8,
    slowestMs: 1,
    failures: account.failures,
    lost: ['a.8'],
    strange: ['HTTP/1.1 200'],
    notDone: ['a.4'],
    doneTwice: ['a.1'],
    repeated: 2,
  });
});
