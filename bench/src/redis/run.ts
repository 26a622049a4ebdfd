import type { BenchArguments } from '../arguments.ts';
import { memory } from '../processes.ts';
import { bestRate, type CaseResult, median, type Round, rounded, type Sample, summarize } from '../statistics.ts';
import { type BigValues, bigValues, fill, type Latency, openLoop } from './latency.ts';
import { bundleOurs, type RunningProxy, startOurs, startTwemproxy, twemproxyVersion } from './proxies.ts';
import { openStage, type Stage } from './stage.ts';
import { CASES, enoughFor, measure, type ThroughputCase, type Warmed, warmUp } from './throughput.ts';

/** Our proxy and the peer: processes, or what was found about each. */
export interface Pair<T> {
  readonly ours: T;
  readonly peer: T;
}

/** A case with what a reader needs to trust it. */
export interface RedisCase extends CaseResult {
  /** Medians of the share of the core that each proxy used. */
  readonly busy: Pair<number>;
  /** Medians of the share of the time that neighbours had the proxies' core. */
  readonly waited: Pair<number>;
  /** Highest rate of each while it was busy enough for a rate to count; absent when it never was. */
  readonly rate: Pair<number | undefined>;
}

/** Everything that `npm run bench -- redis` finds; also its JSON. */
export interface RedisResult {
  readonly name: 'redis';
  readonly peer: string;
  readonly rounds: number;
  readonly cases: Readonly<Record<string, RedisCase>>;
  /** GETs at a fixed rate, half of what twemproxy can do: medians over the rounds, in milliseconds. */
  readonly openLoop?: Pair<Latency> & { readonly rate: number };
  readonly bigValues?: Pair<readonly BigValues[]>;
  /** Most memory (MiB) held from start through all of the above but the big values. */
  readonly peakMemory: Pair<number>;
}

type Say = (line: string) => void;

/** The whole benchmark. Everything it starts is ended, whatever happens. */
export async function runRedis(options: BenchArguments, say: Say): Promise<RedisResult> {
  say('bundling the ambassador, starting three redis-servers, building the load generator');
  const stage = await openStage();
  try {
    bundleOurs(stage);
    const pair = await startBoth(stage);
    say('loading 100,000 keys through each proxy');
    await fill(stage, pair.ours);
    await fill(stage, pair.peer);
    const wanted = (name: string): boolean => options.cases.length === 0 || options.cases.includes(name);
    const cases: Record<string, RedisCase> = {};
    let fastest = 0;
    for (const which of CASES.filter(({ name }) => wanted(name))) {
      const rounds = await alternate(stage, pair, which, options, say);
      cases[which.name] = caseOf(rounds);
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

async function startBoth(stage: Stage): Promise<Pair<RunningProxy>> {
  return { ours: await startOurs(stage), peer: await startTwemproxy(stage) };
}

/** Runs `measureOne` on both in turn; who begins changes from round to round. */
async function inTurn<T>(round: number, measureOne: (side: keyof Pair<T>) => Promise<T>): Promise<Pair<T>> {
  if (round % 2 === 0) {
    const peer = await measureOne('peer');
    return { peer, ours: await measureOne('ours') };
  }
  const ours = await measureOne('ours');
  return { ours, peer: await measureOne('peer') };
}

async function alternate(
  stage: Stage,
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
    const round = await inTurn(i, async (side) => {
      const sample = await measure(stage, pair[side], which, warmed[side]);
      warmed[side] = enoughFor(sample, which, options.seconds);
      return sample;
    });
    rounds.push(round);
    const { ours, peer } = round;
    say(
      `${which.name}: round ${i + 1} of ${options.rounds}: ours ${ours.microseconds.toFixed(2)} µs (${percent(ours.busy)} busy, ${Math.round(ours.rate)}/s), ` +
        `peer ${peer.microseconds.toFixed(2)} µs (${percent(peer.busy)} busy, ${Math.round(peer.rate)}/s), ratio ${(peer.microseconds / ours.microseconds).toFixed(2)}`,
    );
  }
  return rounds;
}

function caseOf(rounds: readonly Round[]): RedisCase {
  const of = (side: keyof Round) => rounds.map((round) => round[side]);
  const medianOf = (pick: (sample: Sample) => number): Pair<number> => ({
    ours: rounded(median(of('ours').map(pick))),
    peer: rounded(median(of('peer').map(pick))),
  });
  return {
    ...summarize(rounds),
    busy: medianOf((sample) => sample.busy),
    waited: medianOf((sample) => sample.waited),
    rate: { ours: bestRate(of('ours')), peer: bestRate(of('peer')) },
  };
}

/** twemproxy's highest rate; where it never was busy enough for that, the highest seen. */
function highest(rounds: readonly Round[]): number {
  const peers = rounds.map((round) => round.peer);
  return bestRate(peers) ?? Math.max(...peers.map((sample) => sample.rate));
}

async function openLoops(
  stage: Stage,
  pair: Pair<RunningProxy>,
  rate: number,
  options: BenchArguments,
  say: Say,
): Promise<Pair<Latency> & { rate: number }> {
  const rounds: Pair<Latency>[] = [];
  for (let i = 0; i < options.rounds; i++) {
    const round = await inTurn(i, (side) => openLoop(stage, pair[side].port, rate, options.seconds));
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

function medianLatency(all: readonly Latency[]): Latency {
  const of = (pick: (one: Latency) => number): number => rounded(median(all.map(pick)));
  return {
    sent: of((one) => one.sent),
    errors: all.reduce((sum, one) => sum + one.errors, 0),
    seconds: of((one) => one.seconds),
    p50: of((one) => one.p50),
    p90: of((one) => one.p90),
    p99: of((one) => one.p99),
    p999: of((one) => one.p999),
    max: of((one) => one.max),
  };
}

async function bigValuesOfBoth(stage: Stage, options: BenchArguments, say: Say): Promise<Pair<readonly BigValues[]>> {
  const found: { ours: BigValues[]; peer: BigValues[] } = { ours: [], peer: [] };
  for (let i = 0; i < options.rounds; i++) {
    const round = await inTurn(i, (side) =>
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
  stage: Stage,
  start: (stage: Stage) => Promise<RunningProxy>,
  seconds: number,
): Promise<BigValues> {
  const proxy = await start(stage);
  try {
    return await bigValues(stage, proxy, seconds);
  } finally {
    await stage.processes.stop(proxy.process);
  }
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
