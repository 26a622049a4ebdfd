import { createRendezvous } from '@motif/api';
import { seededRandom } from '@motif/kit';
import { Outbox } from '../../../io/outbox.ts';
import { Turns } from '../../../io/testing/turns.ts';
import type { Wire } from '../../../io/wire.ts';
import { type CommandSpec, CommandTable } from '../../commands/index.ts';
import type { Client } from '../../downstream/client.ts';
import { request } from '../../resp/encode.ts';
import { RequestScanner } from '../../resp/request-scanner.ts';
import type { Routing } from '../../routing.ts';
import { Lane } from '../../upstream/lane.ts';
import { type Slot, takeSlot } from '../../upstream/slot.ts';

/** One shard as commands see it: what was sent there, and the slots that wait for replies. */
export class StubShard {
  readonly name: string;
  lastError = '';
  dead = false;
  readonly slots: Slot[] = [];
  readonly #written: Buffer[] = [];
  readonly #turns = new Turns();
  readonly connection = {
    outbox: new Outbox(this.#turns.flusher, {
      write: (bytes: Buffer) => this.#written.push(Buffer.from(bytes)) > 0,
    } as unknown as Wire),
    joinable: true,
    accepts: (): boolean => true,
    issue: (slot: Slot): void => {
      slot.holders++;
      this.slots.push(slot);
    },
  };

  constructor(name: string) {
    this.name = name;
  }

  shared(): unknown {
    return this.dead ? undefined : this.connection;
  }

  /** The bytes of everything that was sent here. */
  get sent(): string {
    this.#turns.end();
    return Buffer.concat(this.#written).toString('latin1');
  }

  /** Answers the oldest command. */
  reply(text: string): void {
    const bytes = Buffer.from(`##${text}##`, 'latin1');
    const slot = this.slots.shift() as Slot;
    slot.sink?.onReply(slot, bytes, 2, bytes.length - 2, bytes[2] as number);
    bytes.fill('!');
  }

  /** The oldest command is not answered. */
  fail(error: string): void {
    const slot = this.slots.shift() as Slot;
    slot.sink?.onFailure(slot, error);
  }
}

/** What the parts of a client do that commands of several shards need; answers are kept in the order of the commands. */
export class StubClient {
  readonly shards: StubShard[];
  routing: Routing;
  readonly lanes: Lane[];
  readonly session = { id: 0, protocol: 2, database: 0 };
  readonly cursors = new Map<string, number>();
  readonly firstEpoch = 1;
  readonly table = new CommandTable();
  readonly proxy = {
    runtime: { now: () => 0, random: seededRandom(1) },
    traits: (): object => ({ group: 0, readonly: true }),
    cursors: new Map<string, number>(),
  };
  readonly answers: string[] = [];

  constructor(count: number, changes: Partial<Routing> = {}) {
    this.shards = Array.from({ length: count }, (_, i) => new StubShard(`cart-${i}`));
    this.lanes = this.shards.map(() => new Lane());
    this.routing = {
      service: 'cart',
      epoch: 1,
      shards: this.shards as unknown as Routing['shards'],
      locator: createRendezvous(this.shards.map(({ name }) => ({ hashName: name, weight: 1 }))),
      hashTag: { open: 123, close: 125 },
      rehash: false,
      excluded: new Uint8Array(count),
      splitMultiKey: true,
      wholeFails: false,
      adminAllowed: false,
      accounts: [],
      hotKeys: undefined,
      ...changes,
    };
  }

  get client(): Client {
    return this as unknown as Client;
  }

  enqueue(): Slot {
    const slot = takeSlot();
    slot.holders = 1;
    slot.protocol = 2;
    return slot;
  }

  settle(_slot: Slot, answer: Buffer): void {
    this.answers.push(answer.toString('latin1'));
  }

  refuse(text: string): void {
    this.answers.push(`-${text}\r\n`);
  }

  leave(lane: Lane): void {
    lane.connection = null;
  }

  /** A command as it would come in: its spec, and its arguments somewhere in a buffer. */
  command(...args: string[]): [spec: CommandSpec, args: RequestScanner] {
    const bytes = Buffer.from(`#####${request(args)}`, 'latin1');
    const scanner = new RequestScanner();
    scanner.begin(bytes, 5);
    scanner.next(bytes.length);
    return [this.table.resolve(scanner) as CommandSpec, scanner];
  }

  /** The index of a key's shard. */
  shardOf(key: string): number {
    const bytes = Buffer.from(key, 'latin1');
    return this.routing.locator.pick(bytes, 0, bytes.length);
  }

  /** Keys of each shard in turn: the first is the first shard's. */
  keys(perShard: number): string[] {
    const found = this.shards.map(() => [] as string[]);
    for (let i = 0; found.some((keys) => keys.length < perShard); i++) {
      const keys = found[this.shardOf(`k${i}`)] as string[];
      if (keys.length < perShard) keys.push(`k${i}`);
    }
    return Array.from({ length: perShard }, (_, i) => found.map((keys) => keys[i] as string)).flat();
  }
}
