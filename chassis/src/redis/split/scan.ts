import type { CommandSpec } from '../commands/index.ts';
import type { Client } from '../downstream/client.ts';
import { BLOCKED, DONE, deadShard, issue, laneFor } from '../downstream/dispatch.ts';
import { bulk } from '../resp/encode.ts';
import type { RequestScanner } from '../resp/request-scanner.ts';
import type { Shard } from '../upstream/shard.ts';
import { Gather, type Part } from './gather.ts';
import { elementsOf, errorOf } from './merge.ts';

/** Room for the shard's index in a cursor: at most 256 shards. */
const SHARDS = 256n;
/** So many cursors of a client are remembered, and of all clients together. */
const REMEMBERED = 1024;
const REMEMBERED_TOGETHER = 16 * 1024;
const MAX_CURSOR = 2n ** 64n - 1n;

/** The shard that a client's cursor continues on, and that shard's own cursor. */
export interface Position {
  readonly shard: number;
  readonly cursor: bigint;
}

/** A client's cursor: the shard's own times 256, plus the shard's index. Undefined when it is no number that fits. */
export function parseCursor(text: string): Position | undefined {
  if (!/^\d{1,22}$/.test(text)) return undefined;
  const value = BigInt(text);
  const cursor = value / SHARDS;
  return cursor > MAX_CURSOR ? undefined : { shard: Number(value % SHARDS), cursor };
}

/** The client's next cursor after shard `shard` answered with `cursor`; 0 when the last of `shards` is through. */
export function nextCursor(shard: number, cursor: bigint, shards: number): bigint {
  if (cursor !== 0n) return cursor * SHARDS + BigInt(shard);
  return shard + 1 < shards ? BigInt(shard + 1) : 0n;
}

/**
 * SCAN: one shard after the other. A cursor from before a change of the topology is refused, as is one on a shard that is
 * dead: keys could be missed without anybody noticing.
 */
export function scan(client: Client, spec: CommandSpec, args: RequestScanner): number {
  const { buffer, starts, ends } = args;
  const text = buffer.toString('latin1', starts[1], ends[1]);
  const position = parseCursor(text);
  const { shards, epoch } = client.routing;
  if (position === undefined || position.shard >= shards.length) return refuse(client, 'ERR invalid cursor');
  if (text !== '0' && epochOf(client, text) !== epoch) {
    return refuse(client, 'ERR the topology has changed since this SCAN began; start again with cursor 0');
  }
  const connection = laneFor(client, position.shard, false);
  if (connection === null) return BLOCKED;
  if (connection === undefined) return refuse(client, deadShard(shards[position.shard] as Shard));
  const name = shards[position.shard]?.name ?? '';
  const gather = new Gather(client, client.enqueue(), [name], ([part]) =>
    answer(client, part as Part, position.shard, epoch),
  );
  issue(client, gather.slot(0), spec, position.shard, connection);
  connection.outbox.text(`*${args.count}\r\n`);
  const command = bulk(buffer.toString('latin1', starts[0], ends[0]));
  connection.outbox.text(command + bulk(position.cursor.toString()));
  if (args.count > 2) connection.outbox.append(buffer, (ends[1] as number) + 2, args.position);
  return DONE;
}

/** Where a cursor comes from; libraries with a pool go on with it on another connection than the one that was given it. */
function epochOf({ cursors, proxy, firstEpoch }: Client, cursor: string): number {
  return cursors.get(cursor) ?? proxy.cursors.get(cursor) ?? firstEpoch;
}

function refuse(client: Client, error: string): number {
  client.refuse(error);
  return DONE;
}

function answer(client: Client, part: Part, shard: number, epoch: number): Buffer {
  const error = errorOf(part);
  if (error !== undefined) return Buffer.from(`-${error}\r\n`, 'latin1');
  const [cursor, keys] = elementsOf(part.reply as Buffer) ?? [];
  const value = cursor && /^\$\d+\r\n(\d+)\r\n$/.exec(cursor.toString('latin1'))?.[1];
  if (value === undefined || keys === undefined)
    return Buffer.from('-ERR a shard answered SCAN with something else than a cursor and keys\r\n');
  const next = nextCursor(shard, BigInt(value), client.routing.shards.length).toString();
  if (next !== '0') {
    remember(client.cursors, next, epoch, REMEMBERED);
    remember(client.proxy.cursors, next, epoch, REMEMBERED_TOGETHER);
  }
  return Buffer.concat([Buffer.from(`*2\r\n${bulk(next)}`), keys]);
}

/** The oldest go first. */
function remember(cursors: Map<string, number>, cursor: string, epoch: number, most: number): void {
  cursors.delete(cursor);
  cursors.set(cursor, epoch);
  if (cursors.size <= most) return;
  for (const oldest of cursors.keys()) {
    cursors.delete(oldest);
    return;
  }
}
