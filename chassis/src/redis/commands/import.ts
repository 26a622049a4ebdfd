/**
 * Condenses the command files of a Valkey source tree (`src/commands/*.json`) to the facts a proxy needs, one command a line.
 * Run by hand when a new Valkey is taken over: `node chassis/src/redis/commands/import.ts SOURCE VERSION > chassis/src/redis/commands/data/commands.json`.
 * The source is Debian's source package `valkey` or a checkout of the project; BSD-3-Clause, see `data/NOTICE`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandFact, KeyFact } from './facts.ts';

interface KeySpecFile {
  flags: string[];
  begin_search: { index?: { pos: number }; keyword?: { keyword: string; startfrom: number }; unknown?: null };
  find_keys: {
    range?: { lastkey: number; step: number; limit: number };
    keynum?: { keynumidx: number; firstkey: number; step: number };
    unknown?: null;
  };
}

interface CommandFile {
  group: string;
  since: string;
  arity: number;
  container?: string;
  command_flags?: string[];
  command_tips?: string[];
  key_specs?: KeySpecFile[];
}

function keyFact(spec: KeySpecFile): KeyFact {
  const { index, keyword } = spec.begin_search;
  const { range, keynum } = spec.find_keys;
  const begin =
    index !== undefined
      ? { at: index.pos }
      : keyword !== undefined
        ? { keyword: keyword.keyword, from: keyword.startfrom }
        : undefined;
  const find =
    range !== undefined
      ? { range: [range.lastkey, range.step, range.limit] as const }
      : keynum !== undefined
        ? { keynum: [keynum.keynumidx, keynum.firstkey, keynum.step] as const }
        : undefined;
  if (begin === undefined || find === undefined) return { unknown: true };
  const notKey = spec.flags.includes('NOT_KEY') ? { notKey: true as const } : {};
  const incomplete = spec.flags.includes('INCOMPLETE') ? { incomplete: true as const } : {};
  return { ...begin, ...find, ...notKey, ...incomplete };
}

function policy(tips: readonly string[], prefix: string): string | undefined {
  return tips
    .find((tip) => tip.startsWith(prefix))
    ?.slice(prefix.length)
    .toLowerCase();
}

function commandFact(name: string, file: CommandFile): CommandFact {
  const full = (file.container === undefined ? name : `${file.container}|${name}`).toLowerCase();
  const tips = file.command_tips ?? [];
  const request = policy(tips, 'REQUEST_POLICY:');
  const response = policy(tips, 'RESPONSE_POLICY:');
  return {
    name: full,
    arity: file.arity,
    group: file.group,
    since: file.since,
    flags: (file.command_flags ?? []).map((flag) => flag.toLowerCase()),
    ...(file.key_specs === undefined ? {} : { keys: file.key_specs.map(keyFact) }),
    ...(request === undefined ? {} : { request }),
    ...(response === undefined ? {} : { response }),
  };
}

/** All commands below `folder`, sorted by name; those that only a Sentinel process knows are left out. */
export function condense(folder: string): CommandFact[] {
  const facts: CommandFact[] = [];
  for (const file of readdirSync(folder)) {
    if (!file.endsWith('.json')) continue;
    const content = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, CommandFile>;
    for (const [name, command] of Object.entries(content)) {
      if (command.command_flags?.includes('ONLY_SENTINEL') || command.group === 'sentinel') continue;
      facts.push(commandFact(name, command));
    }
  }
  return facts.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function main(source: string | undefined, version: string | undefined): void {
  if (source === undefined || version === undefined)
    throw new Error('import.ts needs the Valkey source folder and its version: import.ts SOURCE VERSION');
  const lines = condense(join(source, 'src/commands')).map((fact) => `  ${JSON.stringify(fact)}`);
  process.stdout.write(
    `{"source": "valkey", "version": ${JSON.stringify(version)}, "license": "BSD-3-Clause, see NOTICE", "commands": [\n${lines.join(',\n')}\n]}\n`,
  );
}

if (import.meta.main) main(process.argv[2], process.argv[3]);
