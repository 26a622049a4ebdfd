import { describe, expect, it, test } from 'vitest';
import { type Credentials, Handshake, handshakeSteps, isLoading } from './handshake.ts';

const commands = (protocol: number, database: number, credentials: Partial<Credentials> = {}): string[] =>
  handshakeSteps(protocol, database, { username: undefined, password: undefined, ...credentials }).map(
    ({ args, required }) => `${args.join(' ')}${required ? '!' : ''}`,
  );

const NAME = 'CLIENT SETNAME motif-sharding';

describe('what a connection to a shard says first', () => {
  test.each<[string, number, number, Partial<Credentials>, string[]]>([
    ['RESP2 without a password: nothing but its name', 2, 0, {}, [NAME]],
    ['a password alone, as servers before Redis 6 know it', 2, 0, { password: 'p' }, ['AUTH p!', NAME]],
    ['a user', 2, 0, { username: 'u', password: 'p' }, ['AUTH u p!', NAME]],
    ['RESP3', 3, 0, {}, ['HELLO 3!', NAME]],
    ['RESP3 with a password', 3, 0, { password: 'p' }, ['HELLO 3 AUTH default p!', NAME]],
    ['RESP3 with a user', 3, 0, { username: 'u', password: 'p' }, ['HELLO 3 AUTH u p!', NAME]],
    ['a database', 2, 7, { password: 'p' }, ['AUTH p!', NAME, 'SELECT 7!']],
  ])('%s', (_name, protocol, database, credentials, wanted) => {
    const found = commands(protocol, database, credentials);
    expect(found.filter((command) => command.endsWith('!') || command === NAME)).toEqual(wanted);
  });

  it('names no secret in what goes into messages', () => {
    for (const protocol of [2, 3])
      for (const { what } of handshakeSteps(protocol, 1, { username: 'u', password: 'secret' }))
        expect(what).not.toContain('secret');
  });

  it('knows a server that lives but cannot serve yet', () => {
    expect(isLoading('-LOADING Redis is loading the dataset in memory\r\n')).toBe(true);
    expect(isLoading('-MASTERDOWN Link with MASTER is down\r\n')).toBe(true);
    expect(isLoading('+PONG\r\n')).toBe(false);
    expect(isLoading('-ERR unknown\r\n')).toBe(false);
  });
});

describe('a handshake under way', () => {
  const credentials: Credentials = { username: undefined, password: 'p' };

  it('is one write, and done with the last reply', () => {
    const handshake = new Handshake(2, 0, credentials);
    expect(handshake.bytes.toString()).toBe(
      '*2\r\n$4\r\nAUTH\r\n$1\r\np\r\n*3\r\n$6\r\nCLIENT\r\n$7\r\nSETNAME\r\n$14\r\nmotif-sharding\r\n',
    );
    expect(handshake.answered('+OK\r\n')).toBeUndefined();
    expect(handshake.done).toBe(false);
    expect(handshake.answered('+OK\r\n')).toBeUndefined();
    expect(handshake.done).toBe(true);
  });

  it('fails with the server’s reason where the step was required, and only there', () => {
    const handshake = new Handshake(2, 3, credentials);
    expect(handshake.answered('-WRONGPASS no\r\n')).toEqual({
      reason: 'it answered AUTH with WRONGPASS no',
      failure: true,
    });
    expect(handshake.answered('-ERR unknown subcommand\r\n')).toBeUndefined();
    expect(handshake.answered('-ERR DB index is out of range\r\n')).toEqual({
      reason: 'it answered SELECT 3 with ERR DB index is out of range',
      failure: false,
    });
    expect(handshake.done).toBe(true);
  });
});
