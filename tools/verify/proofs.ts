/** A long proof: what it shows and how long it runs unless told otherwise. */
export interface Proof {
  readonly name: string;
  readonly about: string;
  readonly program: string;
  readonly seconds: number;
}

export const proofs: readonly Proof[] = [
  {
    name: 'fuzz-resp',
    about:
      'mutated RESP requests and replies: any split of the bytes gives the same frames, and nothing hangs or grows',
    program: 'tools/verify/fuzz-resp.ts',
    seconds: 300,
  },
  {
    name: 'fuzz-http',
    about:
      'HTTP messages, guided by coverage: any split of the bytes and llhttp understand them alike, and so is what is passed on',
    program: 'tools/verify/fuzz-http.ts',
    seconds: 300,
  },
  {
    name: 'steady-state',
    about: 'an operator at rest writes nothing but its lease',
    program: 'tools/verify/steady-state.ts',
    seconds: 300,
  },
  {
    name: 'chaos',
    about:
      'pods of shards, operator and router are killed, shards rolled and the API server stopped, by chance and under load',
    program: 'tools/verify/chaos.ts',
    seconds: 600,
  },
  {
    name: 'abuse-http',
    about: 'clients of every bad kind by the thousand: memory stays bounded, and those who behave notice nothing',
    program: 'tools/verify/abuse-http.ts',
    seconds: 240,
  },
  {
    name: 'faults-http',
    about: 'a shard that hangs, refuses, answers garbage, crumbs or half: what the others feel and its clients see',
    program: 'tools/verify/faults-http.ts',
    seconds: 60,
  },
  {
    name: 'soak-http',
    about: 'shards come, go, move and change weight under load: no request is lost, none is done or answered twice',
    program: 'tools/verify/soak-http.ts',
    seconds: 120,
  },
];

/**
 * Reads `NAME [--seconds N]`.
 * @throws Error naming the argument, what was found and what is allowed
 */
export function parseVerifyArguments(args: readonly string[]): { proof: Proof; seconds: number } {
  const [name, flag, value, ...rest] = args;
  const proof = proofs.find((one) => one.name === name);
  if (proof === undefined) throw new Error(`no proof is called "${name ?? ''}"`);
  if (flag === undefined) return { proof, seconds: proof.seconds };
  const seconds = Number(value);
  if (flag !== '--seconds' || rest.length > 0)
    throw new Error(`"${[flag, ...rest].join(' ')}" is not understood; allowed: --seconds N`);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 86_400)
    throw new Error(`--seconds is "${value ?? ''}"; allowed: whole seconds from 1 to 86400`);
  return { proof, seconds };
}
