import { type CommandSpec, CROSSSLOT, keyIndexes } from '../commands/index.ts';
import type { Client } from '../downstream/client.ts';
import { BLOCKED, DONE, deadShard, issue, laneFor, NO_SHARD } from '../downstream/dispatch.ts';
import type { RequestScanner } from '../resp/request-scanner.ts';
import { shardOf } from '../routing.ts';
import type { Connection } from '../upstream/connection.ts';
import type { Shard } from '../upstream/shard.ts';
import { Gather, type MergeParts } from './gather.ts';
import { appliedInPart, mergeSucceeded, mergeSum, mergeValues, plain } from './merge.ts';

const keys: number[] = [];

/** One shard's share of a command. */
interface Share {
  readonly shard: number;
  /** Indexes of its keys among the arguments. */
  readonly keys: number[];
  connection: Connection | undefined;
}

/**
 * Sends each shard its part of a command with keys of several shards. The parts are requests of their own: other clients see
 * them carried out one by one.
 * @returns null when one shard owns all keys, so that the command can be forwarded as it is
 */
export function splitCommand(client: Client, spec: CommandSpec, args: RequestScanner): number | null {
  const count = keyIndexes(spec, args, keys);
  if (count <= 0) return null;
  const { routing } = client;
  const owners: number[] = [];
  const shares = share(client, args, count, owners);
  if (shares === undefined) return refuse(client, NO_SHARD);
  if (shares.length === 1) return null;
  if (!routing.splitMultiKey) return refuse(client, CROSSSLOT);
  for (const part of shares) {
    const connection = laneFor(client, part.shard, false);
    if (connection === null) return BLOCKED;
    part.connection = connection;
  }
  const dead = shares.find(({ connection }) => connection === undefined);
  if (dead !== undefined && (spec.merge !== 'values' || routing.wholeFails)) {
    const nothing = spec.write ? '; nothing was changed' : '';
    return refuse(client, deadShard(routing.shards[dead.shard] as Shard) + nothing);
  }
  const step = (args.count - 1) / count;
  const slot = client.enqueue();
  const names = shares.map(({ shard }) => routing.shards[shard]?.name ?? '');
  const gather = new Gather(client, slot, names, mergeOf(spec, owners, routing.wholeFails));
  shares.forEach((part, index) => {
    if (part.connection === undefined) gather.fail(index, deadShard(routing.shards[part.shard] as Shard));
    else send(client, spec, args, part, part.connection, step, gather, index);
  });
  return DONE;
}

function refuse(client: Client, error: string): number {
  client.refuse(error);
  return DONE;
}

/** Distributes the keys; `owners` gets, for each key, the index of its share. Undefined: no shard is left. */
function share(client: Client, args: RequestScanner, count: number, owners: number[]): Share[] | undefined {
  const shares: Share[] = [];
  const byShard = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const key = keys[i] as number;
    const shard = shardOf(client.routing, args.buffer, args.starts[key] as number, args.ends[key] as number);
    if (shard === -1) return undefined;
    let index = byShard.get(shard);
    if (index === undefined) {
      index = shares.length;
      byShard.set(shard, index);
      shares.push({ shard, keys: [], connection: undefined });
    }
    shares[index]?.keys.push(key);
    owners.push(index);
  }
  return shares;
}

function mergeOf(spec: CommandSpec, owners: readonly number[], whole: boolean): MergeParts {
  const note = spec.write ? appliedInPart(spec.name.toUpperCase()) : plain;
  switch (spec.merge) {
    case 'values':
      return (parts) => mergeValues(parts, owners, whole);
    case 'sum':
      return (parts) => mergeSum(parts, note);
    default:
      return (parts) => mergeSucceeded(parts, note);
  }
}

function send(
  client: Client,
  spec: CommandSpec,
  args: RequestScanner,
  part: Share,
  connection: Connection,
  step: number,
  gather: Gather,
  index: number,
): void {
  const { buffer, starts, ends } = args;
  issue(client, gather.slot(index), spec, part.shard, connection);
  connection.outbox.text(`*${1 + part.keys.length * step}\r\n$${(ends[0] as number) - (starts[0] as number)}\r\n`);
  connection.outbox.append(buffer, starts[0] as number, (ends[0] as number) + 2);
  // An argument's header begins where the one before it ended, so that runs of neighbours are copied in one piece.
  let from = -1;
  let to = -1;
  for (const key of part.keys) {
    const begin = (ends[key - 1] as number) + 2;
    if (begin !== to) {
      if (from !== -1) connection.outbox.append(buffer, from, to);
      from = begin;
    }
    to = (ends[key + step - 1] as number) + 2;
  }
  if (from !== -1) connection.outbox.append(buffer, from, to);
}
