import { BenchError } from './processes.ts';

/** What was asked for on the command line. */
export interface BenchArguments {
  readonly name: string;
  /** Where the result goes as JSON, besides the table. */
  readonly json?: string;
  /** Alternating rounds; fewer than 5 prove nothing, but tell quickly where one stands. */
  readonly rounds: number;
  /** Length of one measurement. */
  readonly seconds: number;
  /** Cases to run; empty for all. */
  readonly cases: readonly string[];
}

const USAGE = 'npm run bench -- NAME [--json FILE] [--rounds N] [--seconds N] [--cases a,b]';

/**
 * Parses the arguments after `npm run bench --`. Throws `BadArgument`, naming it and what is allowed.
 * @param benches the benchmarks' names, and the cases of each
 */
export function parseArguments(
  args: readonly string[],
  benches: Readonly<Record<string, readonly string[]>>,
): BenchArguments {
  const [name, ...rest] = args;
  const known = name === undefined ? undefined : benches[name];
  if (name === undefined || known === undefined)
    throw new BenchError(
      'BadArgument',
      `NAME: found ${JSON.stringify(name ?? '')}, allowed are ${Object.keys(benches).join(', ')} (${USAGE})`,
    );
  const options = new Map<string, string>();
  for (let i = 0; i < rest.length; i += 2) {
    const [option, value] = [rest[i] ?? '', rest[i + 1]];
    if (!['--json', '--rounds', '--seconds', '--cases'].includes(option))
      throw new BenchError('BadArgument', `found ${JSON.stringify(option)}; ${USAGE}`);
    if (value === undefined) throw new BenchError('BadArgument', `${option} needs a value; ${USAGE}`);
    options.set(option, value);
  }
  const json = options.get('--json');
  return {
    name,
    rounds: whole(options, '--rounds', 5, 1, 100),
    seconds: whole(options, '--seconds', 6, 1, 600),
    cases: casesOf(options, known),
    ...(json === undefined ? {} : { json }),
  };
}

function casesOf(options: ReadonlyMap<string, string>, known: readonly string[]): string[] {
  const cases = options.get('--cases')?.split(',') ?? [];
  for (const one of cases)
    if (!known.includes(one))
      throw new BenchError(
        'BadArgument',
        `--cases: found ${JSON.stringify(one)}, allowed are ${known.join(', ')}, separated by commas`,
      );
  return cases;
}

function whole(
  options: ReadonlyMap<string, string>,
  option: string,
  otherwise: number,
  least: number,
  most: number,
): number {
  const text = options.get(option);
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new BenchError(
      'BadArgument',
      `${option}: found ${JSON.stringify(text)}, allowed are whole numbers from ${least} to ${most}`,
    );
  return value;
}
