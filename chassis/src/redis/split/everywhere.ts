import type { CommandSpec } from '../commands/index.ts';
import type { Client } from '../downstream/client.ts';
import { BLOCKED, DONE, deadShard, issue, laneFor } from '../downstream/dispatch.ts';
import type { RequestScanner } from '../resp/request-scanner.ts';
import type { Connection } from '../upstream/connection.ts';
import type { Shard } from '../upstream/shard.ts';
import { Gather, type MergeParts } from './gather.ts';
import { appliedInPart, mergeConcat, mergeRandom, mergeSucceeded, mergeSum, plain } from './merge.ts';
import { scan } from './scan.ts';

/** Sends a command to every shard and puts the answers together. A shard that is ejected fails it before any has it. */
export function everywhere(client: Client, spec: CommandSpec, args: RequestScanner): number {
  if (spec.merge === 'scan') return scan(client, spec, args);
  const { shards } = client.routing;
  const connections: Connection[] = [];
  for (let index = 0; index < shards.length; index++) {
    const connection = laneFor(client, index, false);
    if (connection === null) return BLOCKED;
    if (connection === undefined) {
      client.refuse(deadShard(shards[index] as Shard) + (spec.write ? '; nothing was changed' : ''));
      return DONE;
    }
    connections.push(connection);
  }
  const names = shards.map(({ name }) => name);
  const gather = new Gather(client, client.enqueue(), names, mergeOf(client, spec));
  connections.forEach((connection, index) => {
    issue(client, gather.slot(index), spec, index, connection);
    connection.outbox.append(args.buffer, args.start, args.position);
  });
  return DONE;
}

function mergeOf(client: Client, spec: CommandSpec): MergeParts {
  const note =
    spec.write || spec.treatment === 'admin' ? appliedInPart(spec.name.toUpperCase().replace('|', ' ')) : plain;
  switch (spec.merge) {
    case 'sum':
      return (parts) => mergeSum(parts, note);
    case 'concat':
      return mergeConcat;
    case 'random':
      return (parts) => mergeRandom(parts, client.proxy.runtime.random());
    default:
      return (parts) => mergeSucceeded(parts, note);
  }
}
