import { argumentIs, word } from '../commands/bytes.ts';
import {
  arityFits,
  type CommandSpec,
  CROSSSLOT,
  keyIndexes,
  refusalOf,
  unknownCommand,
  unknownSubcommand,
  wrongArity,
} from '../commands/index.ts';
import type { RequestScanner } from '../resp/request-scanner.ts';
import { shardOf } from '../routing.ts';
import { everywhere } from '../split/everywhere.ts';
import { splitCommand } from '../split/split.ts';
import type { Connection } from '../upstream/connection.ts';
import type { Shard } from '../upstream/shard.ts';
import type { Slot } from '../upstream/slot.ts';
import type { Client } from './client.ts';
import { type Intake, LARGE_REQUEST_BYTES } from './intake.ts';
import { answerLocally, BEFORE_AUTH } from './local.ts';

/** The request waits: it must be dispatched again when the client is woken. */
export const BLOCKED = 0;
/** The request is on its way or answered. */
export const DONE = 1;
/** The request is to be passed on as it arrives; the client's `uploading` is its connection. */
export const UPLOAD = 2;
/** Not this way: the whole request is needed. */
export const WHOLE = 3;

export const NOAUTH = 'NOAUTH Authentication required.';
export const NO_SHARD = 'SHARDDOWN no shard is reachable';
/** So many bytes may wait for a shard that takes none before clients are not read any more. */
const BACKLOG_BYTES = 1024 * 1024;

const keys: number[] = [];

/** Sends a request to where it belongs, or answers it. */
export function dispatch(client: Client, args: RequestScanner, intake: Intake): number {
  if (!client.open) return BLOCKED;
  const { proxy, session } = client;
  proxy.commands++;
  const spec = proxy.table.resolve(args);
  if (spec === undefined && isHttp(args)) return cutHttp(client);
  if (!session.authenticated && (spec === undefined || !BEFORE_AUTH.has(spec.name))) return refuse(client, NOAUTH);
  if (spec === undefined) {
    const container = proxy.table.find(args.buffer, args.starts[0] as number, args.ends[0] as number);
    return refuse(client, container === undefined ? unknownCommand(args) : unknownSubcommand(args));
  }
  if (!arityFits(spec, args.count)) return refuse(client, wrongArity(spec));
  if (spec.onlyKey !== 0 && spec.treatment === 'forward' && !spec.conditional) {
    const key = spec.onlyKey;
    return forward(
      client,
      spec,
      args,
      shardOf(client.routing, args.buffer, args.starts[key] as number, args.ends[key] as number),
      intake,
    );
  }
  return dispatchRest(client, spec, args, intake);
}

const POST = word('post');
const HOST = word('host:');

/** Whether this is a line of an HTTP request instead of a command: a web page or a service that was led here by somebody. */
function isHttp(args: RequestScanner): boolean {
  return argumentIs(args, 0, POST) || argumentIs(args, 0, HOST);
}

/** As in Redis: what follows could be commands in a request's body, so nothing more is read and nothing is said. */
function cutHttp(client: Client): number {
  client.proxy.runtime.logger.warn('a client that speaks HTTP was cut off', { client: client.address });
  client.finish();
  return DONE;
}

/** Whether a request that is not complete yet can go to its shard piece by piece. */
export function uploadTarget(client: Client, args: RequestScanner): number {
  if (args.count < 1) return WHOLE;
  const { proxy, session, routing } = client;
  const spec = proxy.table.find(args.buffer, args.starts[0] as number, args.ends[0] as number);
  const total = args.count + args.missing;
  const fits =
    spec !== undefined &&
    spec.treatment === 'forward' &&
    spec.onlyKey !== 0 &&
    !spec.conditional &&
    arityFits(spec, total);
  if (!fits || spec.onlyKey >= args.count || !session.authenticated) return WHOLE;
  if (!client.open) return BLOCKED;
  const key = spec.onlyKey;
  const index = shardOf(routing, args.buffer, args.starts[key] as number, args.ends[key] as number);
  const connection = index === -1 ? undefined : laneFor(client, index, true);
  if (connection === null) return BLOCKED;
  if (connection === undefined) {
    client.refuse(index === -1 ? NO_SHARD : deadShard(routing.shards[index] as Shard));
    return UPLOAD;
  }
  proxy.commands++;
  const slot = client.enqueue();
  issue(client, slot, spec, index, connection);
  client.uploading = connection;
  return UPLOAD;
}

function dispatchRest(client: Client, spec: CommandSpec, args: RequestScanner, intake: Intake): number {
  const { routing } = client;
  if (spec.conditional) {
    const options = { adminAllowed: routing.adminAllowed, ...(routing.hashTag && { hashTag: routing.hashTag }) };
    const refusal = refusalOf(spec, args, options);
    if (refusal !== undefined) return refuse(client, refusal);
  }
  const treatment = spec.treatment === 'admin' && routing.adminAllowed ? ADMIN[spec.scope] : spec.treatment;
  switch (treatment) {
    case 'forward':
      return forwardKeys(client, spec, args, intake);
    case 'split':
      intake.endRun();
      return splitCommand(client, spec, args) ?? forwardKeys(client, spec, args, intake);
    case 'all':
      intake.endRun();
      return everywhere(client, spec, args);
    case 'one':
      return forward(client, spec, args, anyShard(client), intake);
    case 'local':
      answerLocally(client, spec, args);
      return DONE;
    default:
      return refuse(client, spec.error);
  }
}

const ADMIN = { keys: 'forward', all: 'all', one: 'one' } as const;

function refuse(client: Client, error: string): number {
  client.refuse(error);
  return DONE;
}

/** For commands whose keys must all have one owner. */
function forwardKeys(client: Client, spec: CommandSpec, args: RequestScanner, intake: Intake): number {
  const count = keyIndexes(spec, args, keys);
  if (count <= 0) return forward(client, spec, args, anyShard(client), intake);
  const { routing } = client;
  let owner = -1;
  for (let i = 0; i < count; i++) {
    const key = keys[i] as number;
    const index = shardOf(routing, args.buffer, args.starts[key] as number, args.ends[key] as number);
    if (i > 0 && index !== owner) return refuse(client, CROSSSLOT);
    owner = index;
  }
  return forward(client, spec, args, owner, intake);
}

/** A shard for what any can answer: the client's by its number, or the next that is not ejected. */
export function anyShard(client: Client): number {
  const { shards } = client.routing;
  for (let i = 0; i < shards.length; i++) {
    const index = (client.session.id + i) % shards.length;
    if (!(shards[index] as Shard).circuit.open) return index;
  }
  return client.session.id % shards.length;
}

function forward(client: Client, spec: CommandSpec, args: RequestScanner, index: number, intake: Intake): number {
  if (index === -1) return refuse(client, NO_SHARD);
  const connection = laneFor(client, index, args.position - args.start > LARGE_REQUEST_BYTES);
  if (connection === null) return BLOCKED;
  if (connection === undefined) return refuse(client, deadShard(client.routing.shards[index] as Shard));
  const slot = client.enqueue();
  issue(client, slot, spec, index, connection);
  intake.pass(connection, args, slot);
  return DONE;
}

/** The error of commands for an ejected shard. */
export function deadShard(shard: Shard): string {
  return `SHARDDOWN ${shard.name} is not reachable${shard.lastError === '' ? '' : `: ${shard.lastError}`}`;
}

/** Puts a slot on a lane's connection. */
export function issue(client: Client, slot: Slot, spec: CommandSpec, index: number, connection: Connection): void {
  const lane = client.lanes[index];
  if (lane === undefined) return;
  lane.outstanding++;
  slot.lane = lane;
  slot.write = spec.write;
  const traits = client.proxy.traits(spec);
  slot.readonly = traits.readonly;
  slot.offset = connection.outbox.appended;
  slot.group = traits.group;
  connection.issue(slot, client.now);
}

/**
 * The connection for the client's next command on a shard: the one it uses there while that takes commands, else another, once
 * nothing of the client's is unanswered on the old one.
 * @param large whether the command needs a connection of the client's own
 * @returns null: wait; undefined: the shard is ejected
 */
export function laneFor(client: Client, index: number, large: boolean): Connection | null | undefined {
  const lane = client.lanes[index];
  const shard = client.routing.shards[index];
  if (lane === undefined || shard === undefined) return undefined;
  let connection: Connection | null | undefined = lane.connection;
  const usable = connection !== null && !lane.stale && connection.accepts(client) && !(large && connection.joinable);
  if (!usable) {
    if (lane.outstanding > 0) return null;
    const { protocol, database } = client.session;
    client.leave(lane);
    connection = large ? shard.own(protocol, database, client) : shard.shared(protocol, database);
    if (connection === undefined) return undefined;
    lane.connection = connection;
  }
  if (connection !== null && connection.outbox.queued > BACKLOG_BYTES && connection.congested(BACKLOG_BYTES)) {
    connection.whenDrained(client);
    return null;
  }
  return connection;
}
