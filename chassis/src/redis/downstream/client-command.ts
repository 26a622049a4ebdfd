import type { Arguments } from '../commands/index.ts';
import { array, bulk, error, integer, nullBulk, OK } from '../resp/encode.ts';
import type { Client } from './client.ts';
import { argument, INVALID_NAME, validName } from './local.ts';

/** The answer to CLIENT and its subcommands, from what is kept here about the connection; empty when there is none. */
export function clientCommand(client: Client, subcommand: string, args: Arguments): string {
  const { session } = client;
  switch (subcommand) {
    case 'id':
      return integer(session.id);
    case 'info':
      return verbatim(session.protocol, `${clientLine(client)}\n`);
    case 'getname':
      return session.name === '' ? nullBulk(session.protocol) : bulk(session.name);
    case 'setname':
      if (!validName(argument(args, 2))) return error(INVALID_NAME);
      session.name = argument(args, 2);
      return OK;
    case 'setinfo':
      return setInfo(client, argument(args, 2).toLowerCase(), argument(args, 3));
    case 'reply':
      return setReply(client, argument(args, 2).toLowerCase());
    case 'no-evict':
    case 'no-touch':
    case 'import-source':
      return onOrOff(client, argument(args, 2).toLowerCase());
    case 'getredir':
      return integer(-1);
    case 'capa':
      return OK;
    case 'trackinginfo':
      return trackingInfo(session.protocol);
    case 'help':
      return array(HELP.map((line) => `+${line}\r\n`));
    default:
      return error(`ERR CLIENT ${subcommand.toUpperCase()} is not supported through this sharding proxy`);
  }
}

const HELP = [
  'CLIENT <subcommand> [<arg> [value] [opt] ...]. Answered by the sharding proxy; subcommands are:',
  'GETNAME | ID | INFO | NO-EVICT (ON|OFF) | NO-TOUCH (ON|OFF) | REPLY (ON|OFF|SKIP) | SETINFO <LIB-NAME|LIB-VER> <value> | SETNAME <name>',
];

/** One line of CLIENT LIST, of those fields that mean something here. */
export function clientLine(client: Client): string {
  const { session } = client;
  const age = Math.floor((client.proxy.runtime.now() - session.since) / 1000);
  return [
    `id=${session.id}`,
    `addr=${client.address}`,
    `name=${session.name}`,
    `age=${age}`,
    `db=${session.database}`,
    `resp=${session.protocol}`,
    `user=${session.user}`,
    `lib-name=${session.libraryName}`,
    `lib-ver=${session.libraryVersion}`,
    `omem=${client.outbox.queued}`,
    `cmd=client|info`,
  ].join(' ');
}

function verbatim(protocol: number, text: string): string {
  return protocol === 3 ? `=${text.length + 4}\r\ntxt:${text}\r\n` : bulk(text);
}

function setInfo(client: Client, attribute: string, value: string): string {
  if (attribute !== 'lib-name' && attribute !== 'lib-ver')
    return error(`ERR Unrecognized option '${attribute.replaceAll(/[\r\n]/g, ' ')}'`);
  if (!validName(value)) return error(`ERR ${attribute} cannot contain spaces, newlines or special characters.`);
  if (attribute === 'lib-name') client.session.libraryName = value;
  else client.session.libraryVersion = value;
  return OK;
}

/** OFF and SKIP are not answered themselves; ON always is. */
function setReply(client: Client, mode: string): string {
  const { session } = client;
  if (mode === 'on') {
    session.reply = 'on';
    session.skipNext = false;
    return OK;
  }
  if (mode === 'off') session.reply = 'off';
  else if (mode !== 'skip') return error('ERR syntax error');
  else if (session.reply === 'on') session.skipNext = true;
  return '';
}

function onOrOff(client: Client, value: string): string {
  if (value !== 'on' && value !== 'off') return error('ERR syntax error');
  client.session.noEvict = value === 'on';
  return OK;
}

function trackingInfo(protocol: number): string {
  const flags = `${protocol === 3 ? '~' : '*'}1\r\n${bulk('off')}`;
  const pairs = [bulk('flags'), flags, bulk('redirect'), integer(-1), bulk('prefixes'), array([])];
  return protocol === 3 ? `%3\r\n${pairs.join('')}` : array(pairs);
}
