import { type CommandRow, compileRow } from './compile.ts';
import { type Learned, learnRows } from './learn.ts';
import { NameIndex } from './name-index.ts';
import type { Arguments, CommandSpec } from './spec.ts';
import { ROWS } from './table.generated.ts';

/**
 * The commands that the proxy knows. One table a process (or a topology): shards that know more than Valkey's own files
 * complete it through `learn`.
 */
export class CommandTable {
  readonly #commands = new NameIndex();
  readonly #subcommands = new Map<CommandSpec, NameIndex>();

  constructor(rows: readonly CommandRow[] = ROWS) {
    this.#add(rows);
  }

  /** The command named by `buffer[start, end)`, in whatever case; a container (`object`) when its subcommand matters. */
  find(buffer: Uint8Array, start: number, end: number): CommandSpec | undefined {
    return this.#commands.find(buffer, start, end);
  }

  /**
   * What a request asks for: the subcommand of a container when there is a second argument, else the command itself.
   * Undefined: the command, or the container's subcommand, does not exist (`unknownCommand`, `unknownSubcommand`).
   */
  resolve(args: Arguments): CommandSpec | undefined {
    const { buffer, starts, ends } = args;
    const spec = this.#commands.find(buffer, starts[0] as number, ends[0] as number);
    if (spec === undefined || !spec.container || args.count < 2) return spec;
    return this.#subcommands.get(spec)?.find(buffer, starts[1] as number, ends[1] as number);
  }

  /** A command or subcommand by its lower-case name (`get`, `object|encoding`): for set-up and tests, not for requests. */
  named(name: string): CommandSpec | undefined {
    const [command = '', subcommand] = name.split('|');
    const bytes = Buffer.from(command);
    const spec = this.#commands.find(bytes, 0, bytes.length);
    if (spec === undefined || subcommand === undefined) return spec;
    const rest = Buffer.from(subcommand);
    return this.#subcommands.get(spec)?.find(rest, 0, rest.length);
  }

  /**
   * Completes the table from a shard's answer to COMMAND, parsed to arrays (or Maps), strings or Buffers, and numbers.
   * Commands that are known stay as they are; new ones are forwarded when they are safe on a shared connection and say where
   * their keys are, else refused with the reason. Whatever is not of the documented form is left out.
   */
  learn(reply: unknown): Learned {
    const learned = learnRows(reply, (name) => this.named(name) !== undefined);
    this.#add(learned.rows);
    return learned;
  }

  #add(rows: readonly CommandRow[]): void {
    const containers = new Set(
      rows.flatMap(({ name }) => (name.includes('|') ? [name.slice(0, name.indexOf('|'))] : [])),
    );
    const isContainer = (name: string): boolean => containers.has(name);
    for (const row of rows) if (!row.name.includes('|')) this.#commands.set(row.name, compileRow(row, isContainer));
    for (const row of rows) if (row.name.includes('|')) this.#addSubcommand(row, compileRow(row, isContainer));
  }

  #addSubcommand(row: CommandRow, spec: CommandSpec): void {
    const bar = row.name.indexOf('|');
    const container = this.named(row.name.slice(0, bar));
    if (container === undefined) return;
    const index = this.#subcommands.get(container) ?? new NameIndex();
    index.set(row.name.slice(bar + 1), spec);
    this.#subcommands.set(container, index);
  }
}
