import { afterEach, expect, it } from 'vitest';
import { PlainReader } from './plain-reader.ts';
import { RawHttpClient, statusOf } from './raw-client.ts';
import { ok, ScriptedBackend } from './scripted-backend.ts';

const cleanup: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const end of cleanup.splice(0).reverse()) await end();
});

async function pair(...behaviour: Parameters<typeof ScriptedBackend.start>) {
  const backend = await ScriptedBackend.start(...behaviour);
  cleanup.push(() => backend.stop());
  const client = await RawHttpClient.connect(backend.port);
  cleanup.push(() => client.destroy());
  return { backend, client };
}

it('a plain reader reads messages however they are cut', () => {
  const text =
    'POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc' +
    'PUT /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2;x\r\nhi\r\n1\r\n!\r\n0\r\nt: 1\r\n\r\nGET /c HTTP/1.1\r\n\r\n';
  for (const step of [1, 7, text.length]) {
    const reader = new PlainReader('requests');
    const seen: string[] = [];
    for (let at = 0; at < text.length; at += step) {
      reader.push(text.slice(at, at + step));
      for (let one = reader.next(); one !== undefined; one = reader.next()) seen.push(`${one.line}|${one.body}`);
    }
    expect(seen).toEqual(['POST /a HTTP/1.1|abc', 'PUT /b HTTP/1.1|hi!', 'GET /c HTTP/1.1|']);
    expect(reader.midway).toBe(false);
  }
});

it('a client takes pipelined answers in order, of every length', async () => {
  const answers = [ok('one'), 'HTTP/1.1 204 No Content\r\n\r\n', 'HTTP/1.1 200 OK\r\n\r\nto the end'];
  const { client, backend } = await pair((_request, connection) => {
    connection.say(answers.shift() ?? '');
    if (answers.length === 0) connection.socket.end();
  });
  const get = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';
  client.send(get + get + get);
  const got = [await client.answer(), await client.answer(), await client.answer()];
  expect(got.map((answer) => [statusOf(answer), answer.body])).toEqual([
    [200, 'one'],
    [204, ''],
    [200, 'to the end'],
  ]);
  expect(backend.received).toHaveLength(3);
});

it('a client says when its answer does not come whole', async () => {
  const { client } = await pair(
    (_request, { socket }) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab'),
  );
  await expect(client.get('/')).rejects.toThrow('closed');
});
