import type { Socket } from 'node:net';
import type { Runtime } from '../io/runtime.ts';
import { type CommandSpec, CommandTable } from './commands/index.ts';
import { Client } from './downstream/client.ts';
import { groupIndex, OTHER_GROUP } from './metrics/groups.ts';
import type { Routing } from './routing.ts';

/** What is counted and remembered for each command of a kind. */
export interface CommandTraits {
  /** Index of its group in the metrics. */
  readonly group: number;
  /** Whether it may be sent twice. */
  readonly readonly: boolean;
}

/** All clients of the process and what they have in common. */
export class RedisProxy {
  readonly runtime: Runtime;
  readonly table = new CommandTable();
  readonly clients = new Set<Client>();
  /** Epochs by the SCAN cursors that clients were given last. */
  readonly cursors = new Map<string, number>();
  readonly since: number;
  routing: Routing;
  /** What clients are told; a shard's own as soon as one was reached. */
  serverVersion = '7.0.0';
  /** SELECT takes numbers below this. */
  databases = 16;
  /** Whether shards speak RESP3 (Redis 6 and later): clients are not promised what cannot be kept. */
  resp3 = true;
  accepted = 0;
  /** Commands of clients, counted when they are taken up; one that has to wait counts again when its turn comes. */
  commands = 0;
  readonly #traits = new Map<CommandSpec, CommandTraits>();
  #nextId = 1;
  #draining = false;

  constructor(runtime: Runtime, routing: Routing) {
    this.runtime = runtime;
    this.routing = routing;
    this.since = runtime.now();
  }

  /** Serves a connection that was accepted. */
  serve(socket: Socket): void {
    this.accepted++;
    const client = new Client(this, socket, this.#nextId++);
    this.clients.add(client);
    client.wire.resume();
  }

  left(client: Client): void {
    this.clients.delete(client);
  }

  /** What the hot path needs of a command, looked up once. */
  traits(spec: CommandSpec): CommandTraits {
    return this.#traits.get(spec) ?? this.#learnTraits(spec);
  }

  /** New commands go by `routing`: at once for clients with nothing in flight, for the others when that has been answered. */
  adopt(routing: Routing): void {
    this.routing = routing;
    for (const client of this.clients) if (client.blocked || client.idle) client.wake();
  }

  /** Called every few milliseconds: while the process drains, clients that are through end. */
  tick(): void {
    if (this.#draining) for (const client of this.clients) if (client.idle) client.finish();
  }

  /** Ends each client as soon as everything it asked for has been answered. */
  drain(): void {
    this.#draining = true;
  }

  #learnTraits(spec: CommandSpec): CommandTraits {
    // What a module does not call a read may be anything.
    const traits = {
      group: groupIndex.get(spec.group) ?? OTHER_GROUP,
      readonly: !spec.write && spec.flags.includes('readonly'),
    };
    this.#traits.set(spec, traits);
    return traits;
  }
}
