import { describe, expect, it, test } from 'vitest';
import { type CommandSpec, CommandTable } from '../commands/index.ts';
import { argsOf } from '../commands/testing/args.ts';
import { decodeReply, type Value } from '../resp/decode.ts';
import type { ClientAccount } from '../routing.ts';
import type { Client } from './client.ts';
import { answerLocally, BEFORE_AUTH } from './local.ts';
import { Session } from './session.ts';

const table = new CommandTable();
/** A text's UTF-8, a character a byte: how secrets are kept and arguments read. */
const latin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
const ACCOUNT: ClientAccount = { username: 'app', password: () => latin1('pässword') };

/** A client of which only the session is real, and what its connection would do. */
class Stub {
  readonly session: Session;
  readonly routing: { accounts: readonly ClientAccount[]; service: string; epoch: number; shards: unknown[] };
  readonly proxy = {
    databases: 16,
    resp3: true,
    serverVersion: '7.2.4',
    since: 0,
    accepted: 5,
    commands: 17,
    clients: new Set([1, 2]),
    runtime: { now: () => 42_000 },
  };
  readonly address = '127.0.0.1:4000';
  readonly outbox = { queued: 0 };
  answers: string[] = [];
  lanesLeft = 0;
  finished = false;

  constructor(accounts: readonly ClientAccount[] = []) {
    this.session = new Session(7, 2_000, accounts.length === 0);
    const shard = (name: string, open: boolean, loading: boolean) => ({ name, loading, circuit: { open } });
    const shards = [shard('cart-0', false, false), shard('cart-1', true, false), shard('cart-2', false, true)];
    this.routing = { accounts, service: 'cart', epoch: 3, shards };
  }

  answer(text: string): void {
    this.answers.push(text);
  }
  leaveLanes(): void {
    this.lanesLeft++;
  }
  finish(): void {
    this.finished = true;
  }

  /** The answer as bytes; undefined when there is none. */
  raw(...args: string[]): string | undefined {
    this.answers = [];
    const given = argsOf(...args);
    answerLocally(this as unknown as Client, table.resolve(given) as CommandSpec, given);
    expect(this.answers.length).toBeLessThanOrEqual(1);
    return this.answers[0];
  }

  /** The answer as a value; an error as its text with `-` before it. */
  say(...args: string[]): Value | undefined {
    const text = this.raw(...args);
    if (text === undefined) return undefined;
    return text.startsWith('-') ? text.trimEnd() : decodeReply(Buffer.from(text, 'latin1'));
  }
}

const WRONGPASS = '-WRONGPASS invalid username-password pair or user is disabled.';

describe('commands about the connection', () => {
  test.each<[string[], Value]>([
    [['PING'], 'PONG'],
    [['PING', 'a\r\nb'], 'a\r\nb'],
    [['PING', 'a', 'b'], "-ERR wrong number of arguments for 'ping' command"],
    [['ECHO', ''], ''],
    [['UNWATCH'], 'OK'],
    [['ACL', 'WHOAMI'], 'default'],
    [['CLIENT', 'ID'], 7],
    [['CLIENT', 'GETNAME'], null],
    [['CLIENT', 'GETREDIR'], -1],
    [['CLIENT', 'NO-EVICT', 'on'], 'OK'],
    [['CLIENT', 'NO-TOUCH', 'maybe'], '-ERR syntax error'],
    [['CLIENT', 'SETINFO', 'LIB-NAME', 'a b'], '-ERR lib-name cannot contain spaces, newlines or special characters.'],
    [['CLIENT', 'SETINFO', 'other', 'x'], "-ERR Unrecognized option 'other'"],
    [['CLIENT', 'SETNAME', 'a b'], '-ERR Client names cannot contain spaces, newlines or special characters.'],
  ])('%j', (args, answer) => {
    expect(new Stub().say(...args)).toEqual(answer);
  });

  test('QUIT answers, then ends', () => {
    const stub = new Stub();
    expect(stub.say('QUIT')).toBe('OK');
    expect(stub.finished).toBe(true);
  });

  test('what a client says about itself is what it is told again', () => {
    const stub = new Stub();
    expect(stub.say('CLIENT', 'SETNAME', 'worker:1')).toBe('OK');
    expect(stub.say('CLIENT', 'SETINFO', 'lib-name', 'ioredis')).toBe('OK');
    expect(stub.say('CLIENT', 'SETINFO', 'LIB-VER', '5.4')).toBe('OK');
    expect(stub.say('CLIENT', 'GETNAME')).toBe('worker:1');
    expect(stub.say('CLIENT', 'INFO')).toMatch(
      /^id=7 addr=127.0.0.1:4000 name=worker:1 age=40 db=0 resp=2 user=default lib-name=ioredis lib-ver=5.4 .*\n$/,
    );
  });

  test('CLIENT REPLY: OFF and SKIP are not answered, ON is', () => {
    const stub = new Stub();
    expect(stub.raw('CLIENT', 'REPLY', 'SKIP')).toBeUndefined();
    expect(stub.session.skipNext).toBe(true);
    expect(stub.raw('CLIENT', 'REPLY', 'off')).toBeUndefined();
    stub.session.skipNext = false;
    expect(stub.raw('CLIENT', 'REPLY', 'SKIP')).toBeUndefined();
    expect([stub.session.reply, stub.session.skipNext]).toEqual(['off', false]);
    expect(stub.say('CLIENT', 'REPLY', 'ON')).toBe('OK');
    expect(stub.session.reply).toBe('on');
    expect(stub.say('CLIENT', 'REPLY', 'perhaps')).toBe('-ERR syntax error');
  });

  test('CLIENT TRACKINGINFO: a map with a set in RESP3, flat in RESP2', () => {
    const stub = new Stub();
    expect(stub.say('CLIENT', 'TRACKINGINFO')).toEqual(['flags', ['off'], 'redirect', -1, 'prefixes', []]);
    stub.session.protocol = 3;
    expect(stub.raw('CLIENT', 'TRACKINGINFO')).toMatch(/^%3\r\n\$5\r\nflags\r\n~1\r\n/);
  });
});

describe('SELECT', () => {
  it('changes the database and gives up the connections of the old one', () => {
    const stub = new Stub();
    expect(stub.say('SELECT', '15')).toBe('OK');
    expect([stub.session.database, stub.lanesLeft]).toEqual([15, 1]);
    expect(stub.say('SELECT', '15')).toBe('OK');
    expect(stub.lanesLeft).toBe(1);
  });

  test.each([
    ['16', '-ERR DB index is out of range'],
    ['-1', '-ERR DB index is out of range'],
    ['a', '-ERR value is not an integer or out of range'],
    ['1.5', '-ERR value is not an integer or out of range'],
    ['', '-ERR value is not an integer or out of range'],
  ])('refuses %j as Redis does', (database, error) => {
    const stub = new Stub();
    expect(stub.say('SELECT', database)).toBe(error);
    expect([stub.session.database, stub.lanesLeft]).toEqual([0, 0]);
  });
});

describe('AUTH', () => {
  it('lets in whoever has the password, as bytes', () => {
    const stub = new Stub([ACCOUNT]);
    expect(stub.session.authenticated).toBe(false);
    expect(stub.say('AUTH', 'app', latin1('pässword'))).toBe('OK');
    expect([stub.session.authenticated, stub.session.user]).toEqual([true, 'app']);
    expect(stub.say('ACL', 'WHOAMI')).toBe('app');
  });

  test.each([[['app', 'wrong']], [['app', '']], [['other', 'x']], [['x']]])('%j: WRONGPASS', (args) => {
    const stub = new Stub([ACCOUNT]);
    expect(stub.say('AUTH', ...args)).toBe(WRONGPASS);
    expect(stub.session.authenticated).toBe(false);
  });

  it('knows nobody whose password has not been read', () => {
    const stub = new Stub([{ username: 'app', password: () => undefined }]);
    expect(stub.say('AUTH', 'app', '')).toBe(WRONGPASS);
    expect(stub.say('AUTH', 'app', 'undefined')).toBe(WRONGPASS);
  });

  it('without accounts says what Redis says', () => {
    const stub = new Stub();
    expect(stub.say('AUTH', 'x')).toMatch(/^-ERR AUTH <password> called without any password configured/);
    expect(stub.say('AUTH', 'default', 'anything')).toBe('OK');
    expect(stub.say('AUTH', 'app', 'x')).toBe(WRONGPASS);
    expect(stub.say('AUTH', 'a', 'b', 'c')).toBe('-ERR syntax error');
  });

  it('is, with HELLO, RESET and QUIT, all that may come before', () => {
    expect([...BEFORE_AUTH].sort()).toEqual(['auth', 'hello', 'quit', 'reset']);
  });
});

describe('HELLO', () => {
  it('tells about the server, as a map in RESP3', () => {
    const stub = new Stub();
    const flat = stub.say('HELLO') as Value[];
    expect(flat.slice(0, 8)).toEqual(['server', 'redis', 'version', '7.2.4', 'proto', 2, 'id', 7]);
    expect(stub.say('HELLO', '3')).toEqual(
      new Map<Value, Value>([
        ['server', 'redis'],
        ['version', '7.2.4'],
        ['proto', 3],
        ['id', 7],
        ['mode', 'standalone'],
        ['role', 'master'],
        ['modules', []],
      ]),
    );
    expect([stub.session.protocol, stub.lanesLeft]).toEqual([3, 1]);
    expect(stub.raw('CLIENT', 'GETNAME')).toBe('_\r\n');
    expect(stub.raw('CLIENT', 'INFO')).toMatch(/^=\d+\r\ntxt:id=7/);
  });

  it('authenticates and names in one go', () => {
    const stub = new Stub([ACCOUNT]);
    const answer = stub.say('HELLO', '3', 'auth', 'app', latin1('pässword'), 'SETNAME', 'me');
    expect(answer).toBeInstanceOf(Map);
    expect(stub.session).toMatchObject({ authenticated: true, user: 'app', name: 'me', protocol: 3 });
  });

  test.each<[string[], string]>([
    [['4'], '-NOPROTO unsupported protocol version'],
    [['1'], '-NOPROTO unsupported protocol version'],
    [['x'], '-ERR Protocol version is not an integer or out of range'],
    [['3', 'AUTH', 'app'], "-ERR Syntax error in HELLO option 'AUTH'"],
    [['3', 'SETNAME'], "-ERR Syntax error in HELLO option 'SETNAME'"],
    [['3', 'a\r\nb'], "-ERR Syntax error in HELLO option 'a  b'"],
    [['3', 'SETNAME', 'a b'], '-ERR Client names cannot contain spaces, newlines or special characters.'],
    [['3', 'AUTH', 'app', 'wrong'], WRONGPASS],
  ])('%j changes nothing', (args, error) => {
    const stub = new Stub();
    expect(stub.say('HELLO', ...args)).toBe(error);
    expect(stub.session).toMatchObject({ protocol: 2, name: '', user: 'default' });
    expect(stub.lanesLeft).toBe(0);
  });

  it('needs the password where there is one', () => {
    const stub = new Stub([ACCOUNT]);
    expect(stub.say('HELLO', '3')).toMatch(/^-NOAUTH HELLO must be called with the client already authenticated/);
    expect(stub.session.protocol).toBe(2);
  });
});

describe('RESET', () => {
  it('makes the connection as new, and a stranger where there are accounts', () => {
    const stub = new Stub([ACCOUNT]);
    stub.say('HELLO', '3', 'AUTH', 'app', latin1('pässword'), 'SETNAME', 'me');
    stub.say('SELECT', '3');
    stub.raw('CLIENT', 'REPLY', 'SKIP');
    const left = stub.lanesLeft;
    expect(stub.say('RESET')).toBe('RESET');
    expect(stub.session).toMatchObject({
      protocol: 2,
      database: 0,
      name: '',
      user: 'default',
      authenticated: false,
      reply: 'on',
      skipNext: false,
      noEvict: false,
    });
    expect(stub.lanesLeft).toBe(left + 1);
  });

  it('leaves everybody in where there are none', () => {
    const stub = new Stub();
    stub.say('RESET');
    expect(stub.session.authenticated).toBe(true);
  });
});

describe('INFO', () => {
  it('has what clients look at, and the state of each shard', () => {
    const text = new Stub().say('INFO') as string;
    expect(text).toContain('# Server\r\nredis_version:7.2.4\r\n');
    expect(text).toContain('uptime_in_seconds:42\r\n');
    expect(text).toContain('connected_clients:2\r\n');
    expect(text).toContain('loading:0\r\n');
    expect(text).toMatch(/\r\nused_memory:[1-9]\d+\r\n/);
    expect(text).toContain('total_commands_processed:17\r\n');
    expect(text).toContain('role:master\r\n');
    expect(text).toContain('epoch:3\r\n');
    expect(text).toContain('shard0:name=cart-0,state=serving\r\n');
    expect(text).toContain('shard1:name=cart-1,state=ejected\r\n');
    expect(text).toContain('shard2:name=cart-2,state=loading\r\n');
  });

  it('is loading only while every shard is', () => {
    const stub = new Stub();
    for (const shard of stub.routing.shards) (shard as { loading: boolean }).loading = true;
    expect(stub.say('INFO', 'persistence')).toBe('# Persistence\r\nloading:1\r\n');
  });

  it('shows the sections that are asked for, in any case', () => {
    const text = new Stub().say('INFO', 'CLIENTS', 'nothing') as string;
    expect(text).toBe('# Clients\r\nconnected_clients:2\r\nblocked_clients:0\r\n');
    expect(new Stub().say('INFO', 'nothing')).toBe('');
    const sections = (...wanted: string[]) => String(new Stub().say('INFO', ...wanted)).match(/^# .*$/gm);
    expect(sections('everything')).toEqual(sections());
  });
});
