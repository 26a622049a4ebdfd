import { timingSafeEqual } from 'node:crypto';
import type { Arguments, CommandSpec } from '../commands/index.ts';
import { array, bulk, error, integer, map, OK } from '../resp/encode.ts';
import type { Client } from './client.ts';
import { clientCommand } from './client-command.ts';
import { infoText } from './info.ts';

/** What a client may say before it has authenticated, as in Redis. */
export const BEFORE_AUTH: ReadonlySet<string> = new Set(['auth', 'hello', 'quit', 'reset']);

const WRONGPASS = 'WRONGPASS invalid username-password pair or user is disabled.';
const SYNTAX = 'ERR syntax error';

/** Argument `index` as text, a character a byte. */
export function argument(args: Arguments, index: number): string {
  return Buffer.from(args.buffer.buffer, args.buffer.byteOffset, args.buffer.byteLength).toString(
    'latin1',
    args.starts[index],
    args.ends[index],
  );
}

/** Answers commands about the connection: clients share the connections to the shards and must not change those. */
export function answerLocally(client: Client, spec: CommandSpec, args: Arguments): void {
  const separator = spec.name.indexOf('|');
  const handler = HANDLERS[separator === -1 ? spec.name : spec.name.slice(0, separator)];
  const answer =
    handler?.(client, args, spec) ??
    error(`ERR ${spec.name.toUpperCase()} is not supported through this sharding proxy`);
  if (answer !== '') client.answer(answer);
  if (spec.name === 'quit') client.finish();
}

/** Returns the encoded answer; empty when there is none. */
type Handler = (client: Client, args: Arguments, spec: CommandSpec) => string;

const HANDLERS: Readonly<Record<string, Handler>> = {
  ping: (_client, args) => {
    if (args.count > 2) return error("ERR wrong number of arguments for 'ping' command");
    return args.count === 2 ? bulk(argument(args, 1)) : '+PONG\r\n';
  },
  echo: (_client, args) => bulk(argument(args, 1)),
  quit: () => OK,
  reset: (client) => {
    client.session.reset(client.routing.accounts.length === 0);
    client.leaveLanes();
    return '+RESET\r\n';
  },
  select: (client, args) => select(client, argument(args, 1)),
  unwatch: () => OK,
  acl: (client) => bulk(client.session.user),
  info: (client, args) => {
    const sections = Array.from({ length: args.count - 1 }, (_, i) => argument(args, i + 1).toLowerCase());
    return bulk(infoText(client.proxy, client.routing, sections));
  },
  auth: (client, args) => auth(client, args),
  hello: (client, args) => hello(client, args),
  client: (client, args, spec) => clientCommand(client, spec.name.slice('client|'.length), args),
};

function select(client: Client, text: string): string {
  if (!/^-?\d{1,18}$/.test(text)) return error('ERR value is not an integer or out of range');
  const database = Number(text);
  if (database < 0 || database >= client.proxy.databases) return error('ERR DB index is out of range');
  if (database !== client.session.database) {
    client.session.database = database;
    client.leaveLanes();
  }
  return OK;
}

function auth(client: Client, args: Arguments): string {
  if (args.count > 3) return error(SYNTAX);
  const { accounts } = client.routing;
  const [user, password] = args.count === 3 ? [argument(args, 1), argument(args, 2)] : ['default', argument(args, 1)];
  if (accounts.length === 0 && args.count === 2) {
    return error(
      'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
    );
  }
  return authenticate(client, user, password) ? OK : error(WRONGPASS);
}

/** Without accounts there is only `default`, and any password is right for it (Redis's `nopass`). */
function authenticate(client: Client, user: string, password: string): boolean {
  const { session, routing } = client;
  const account = routing.accounts.find(({ username }) => username === user);
  const right =
    routing.accounts.length === 0
      ? user === 'default'
      : account !== undefined && samePassword(account.password(), password);
  if (!right) return false;
  session.authenticated = true;
  session.user = user;
  return true;
}

/** Takes as long for a wrong password as for the right one. */
function samePassword(expected: string | undefined, given: string): boolean {
  if (expected === undefined) return false;
  const [a, b] = [Buffer.from(expected, 'latin1'), Buffer.from(given, 'latin1')];
  return a.length === b.length && timingSafeEqual(a, b);
}

interface HelloOptions {
  protocol: number;
  credentials: readonly [string, string] | undefined;
  name: string | undefined;
}

function parseHello(client: Client, args: Arguments): HelloOptions | string {
  const options: HelloOptions = { protocol: client.session.protocol, credentials: undefined, name: undefined };
  if (args.count > 1) {
    const version = argument(args, 1);
    if (!/^-?\d{1,9}$/.test(version)) return 'ERR Protocol version is not an integer or out of range';
    options.protocol = Number(version);
    const known = options.protocol === 2 || (options.protocol === 3 && client.proxy.resp3);
    if (!known) return 'NOPROTO unsupported protocol version';
  }
  for (let i = 2; i < args.count; i++) {
    const word = argument(args, i).toLowerCase();
    if (word === 'auth' && i + 2 < args.count) {
      options.credentials = [argument(args, i + 1), argument(args, i + 2)];
      i += 2;
    } else if (word === 'setname' && i + 1 < args.count) options.name = argument(args, ++i);
    else return `ERR Syntax error in HELLO option '${argument(args, i).replaceAll(/[\r\n]/g, ' ')}'`;
  }
  return options;
}

function hello(client: Client, args: Arguments): string {
  const options = parseHello(client, args);
  if (typeof options === 'string') return error(options);
  const { session, proxy } = client;
  if (options.credentials !== undefined && !authenticate(client, ...options.credentials)) return error(WRONGPASS);
  if (!session.authenticated) {
    return error(
      'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time',
    );
  }
  if (options.name !== undefined) {
    if (!validName(options.name)) return error(INVALID_NAME);
    session.name = options.name;
  }
  if (options.protocol !== session.protocol) {
    session.protocol = options.protocol;
    client.leaveLanes();
  }
  return map(session.protocol, [
    [bulk('server'), bulk('redis')],
    [bulk('version'), bulk(proxy.serverVersion)],
    [bulk('proto'), integer(session.protocol)],
    [bulk('id'), integer(session.id)],
    [bulk('mode'), bulk('standalone')],
    [bulk('role'), bulk('master')],
    [bulk('modules'), array([])],
  ]);
}

export const INVALID_NAME = 'ERR Client names cannot contain spaces, newlines or special characters.';

/** As Redis: printable ASCII without blanks. */
export function validName(name: string): boolean {
  return /^[!-~]*$/.test(name);
}
