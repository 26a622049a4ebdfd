import type { RunningProxy } from '../ambassador.ts';
import { bundleAmbassador } from '../ambassador.ts';
import type { BenchArguments } from '../arguments.ts';
import { type Latency, medianLatency } from '../latency.ts';
import { memory } from '../processes.ts';
import { type BenchCase, caseOf, inTurn, type Pair, roundLine, type Say } from '../rounds.ts';
import { bestRate, type Round, rounded } from '../statistics.ts';
import { type BigValues, bigValues, fill, openLoop } from './latency.ts';
import { startOurs, startTwemproxy, twemproxyVersion } from './proxies.ts';
import { openRedisStage, type RedisStage } from './stage.ts';
import { CASES, enoughFor, measure, type ThroughputCase, type Warmed, warmUp } from './throughput.ts';

/** Who is measured, in the order of the first round. */
const SIDES = ['peer', 'ours'] as const;

/** What `--cases` may name. */
export const REDIS_CASES: readonly string[] = [...CASES.map(({ name }) => name), 'open', 'big'];

/** Everything that `npm run bench -- redis` finds; also its JSON. */
export interface RedisResult {
  readonly name: 'redis';
  readonly peer: string;
  readonly rounds: number;
  readonly cases: Readonly<Record<string, BenchCase<keyof Pair<unknown>>>>;
  /** GETs at a fixed rate, half of what twemproxy can do: medians over the rounds, in milliseconds. */
  readonly openLoop?: Pair<Latency> & { readonly rate: number };
  readonly bigValues?: Pair<readonly BigValues[]>;
  /** Most memory (MiB) held from start through all of the above but the big values. */
  readonly peakMemory: Pair<number>;
}

/** The whole benchmark. Everything it starts is ended, whatever happens. */
export async function runRedis(options: BenchArguments, say: Say): Promise<RedisResult> {
  say('bundling the ambassador, starting three redis-servers, building the load generator');
  const stage = await openRedisStage();
  try {
    bundleAmbassador(stage);
    const pair = await startBoth(stage);
    say('loading 100,000 keys through each proxy');
    await fill(stage, pair.ours);
    await fill(stage, pair.peer);
    const wanted = (name: string): boolean => options.cases.length === 0 || options.cases.includes(name);
    const cases: Record<string, BenchCase<keyof Pair<unknown>>> = {};
    let fastest = 0;
    for (const which of CASES.filter(({ name }) => wanted(name))) {
      const rounds = await alternate(stage, pair, which, options, say);
      cases[which.name] = caseOf(rounds, SIDES);
      if (which.name === 'p1') fastest = highest(rounds);
    }
    const open = wanted('open') && fastest > 0 ? await openLoops(stage, pair, fastest / 2, options, say) : undefined;
    const peakMemory = { ours: rounded(memory(pair.ours.pid).peak), peer: rounded(memory(pair.peer.pid).peak) };
    await stage.processes.stop(pair.ours.process);
    await stage.processes.stop(pair.peer.process);
    const big = wanted('big') ? await bigValuesOfBoth(stage, options, say) : undefined;
    return {
      name: 'redis',
      peer: `twemproxy ${twemproxyVersion()}`,
      rounds: options.rounds,
      cases,
      ...(open === undefined ? {} : { openLoop: open }),
      ...(big === undefined ? {} : { bigValues: big }),
      peakMemory,
    };
  } finally {
    await stage.close();
  }
}

async function startBoth(stage: RedisStage): Promise<Pair<RunningProxy>> {
  return { ours: await startOurs(stage), peer: await startTwemproxy(stage) };
}

async function alternate(
  stage: RedisStage,
  pair: Pair<RunningProxy>,
  which: ThroughputCase,
  options: BenchArguments,
  say: Say,
): Promise<Round[]> {
  say(`${which.name}: warming both up`);
  const warmed: { ours: Warmed; peer: Warmed } = {
    ours: await warmUp(stage, pair.ours, which, options.seconds),
    peer: await warmUp(stage, pair.peer, which, options.seconds),
  };
  const rounds: Round[] = [];
  for (let i = 0; i < options.rounds; i++) {
    const round = await inTurn(i, SIDES, async (side) => {
      const sample = await measure(stage, pair[side], which, warmed[side]);
      warmed[side] = enoughFor(sample, which, options.seconds);
      return sample;
    });
    rounds.push(round);
    say(`${which.name}: round ${i + 1} of ${options.rounds}: ${roundLine(round)}`);
  }
  return rounds;
}

/** twemproxy's highest rate; where it never was busy enough for that, the highest seen. */
function highest(rounds: readonly Round[]): number {
  const peers = rounds.map((round) => round.peer);
  return bestRate(peers) ?? Math.max(...peers.map((sample) => sample.rate));
}

async function openLoops(
  stage: RedisStage,
  pair: Pair<RunningProxy>,
  rate: number,
  options: BenchArguments,
  say: Say,
): Promise<Pair<Latency> & { rate: number }> {
  const rounds: Pair<Latency>[] = [];
  for (let i = 0; i < options.rounds; i++) {
    const round = await inTurn(i, SIDES, (side) => openLoop(stage, pair[side].port, rate, options.seconds));
    rounds.push(round);
    say(
      `open loop at ${Math.round(rate)}/s: round ${i + 1} of ${options.rounds}: p99 ours ${round.ours.p99} ms, peer ${round.peer.p99} ms`,
    );
  }
  return {
    rate: Math.round(rate),
    ours: medianLatency(rounds.map((one) => one.ours)),
    peer: medianLatency(rounds.map((one) => one.peer)),
  };
}

async function bigValuesOfBoth(
  stage: RedisStage,
  options: BenchArguments,
  say: Say,
): Promise<Pair<readonly BigValues[]>> {
  const found: { ours: BigValues[]; peer: BigValues[] } = { ours: [], peer: [] };
  for (let i = 0; i < options.rounds; i++) {
    const round = await inTurn(i, SIDES, (side) =>
      bigValuesOfOne(stage, side === 'ours' ? startOurs : startTwemproxy, options.seconds),
    );
    found.ours.push(round.ours);
    found.peer.push(round.peer);
    say(
      `big values: round ${i + 1} of ${options.rounds}: p99 of small GETs ours ${round.ours.small.p99} ms, peer ${round.peer.small.p99} ms; ` +
        `most memory ours ${round.ours.peak} MiB, peer ${round.peer.peak} MiB`,
    );
  }
  return found;
}

/** On a fresh process, so that its most memory is this section's. */
async function bigValuesOfOne(
  stage: RedisStage,
  start: (stage: RedisStage) => Promise<RunningProxy>,
  seconds: number,
): Promise<BigValues> {
  const proxy = await start(stage);
  try {
    return await bigValues(stage, proxy, seconds);
  } finally {
    await stage.processes.stop(proxy.process);
  }
}
