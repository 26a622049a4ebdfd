import { bundleAmbassador, type RunningProxy } from '../ambassador.ts';
import type { BenchArguments } from '../arguments.ts';
import { memory } from '../processes.ts';
import { type BenchCase, caseOf, inTurn, roundLine, type Say } from '../rounds.ts';
import { type CaseResult, rounded, type Sample, summarize } from '../statistics.ts';
import { type Aborts, aborts } from './aborts.ts';
import { type OpenLoop, openLoops } from './latency.ts';
import { haproxyVersion, nginxVersion, SIDES, type Side, START } from './proxies.ts';
import { type HttpStage, openHttpStage } from './stage.ts';
import { CASES, directRate, type HttpCase, measure, warmUp } from './throughput.ts';

/** What `--cases` may name. */
export const HTTP_CASES: readonly string[] = [...CASES.map(({ name }) => name), 'open', 'abort'];

/** A case beside nginx, which is the peer, and beside HAProxy. */
export interface HttpCaseResult extends BenchCase<Side> {
  /** Our figures against HAProxy's, which stand in its `peer`. */
  readonly haproxy: CaseResult;
  /** Requests a second of clients and backends without a proxy. */
  readonly direct: number;
}

/** Everything that `npm run bench -- http` finds; also its JSON. */
export interface HttpResult {
  readonly name: 'http';
  readonly peer: string;
  readonly haproxy: string;
  readonly rounds: number;
  readonly cases: Readonly<Record<string, HttpCaseResult>>;
  readonly openLoop?: OpenLoop;
  readonly aborts?: Readonly<Record<Side, Aborts>>;
  /** Memory (MiB): what each held when it had started, and the most through cases and open loop. */
  readonly memory: Readonly<Record<Side, { readonly started: number; readonly peak: number }>>;
}

type Proxies = Readonly<Record<Side, RunningProxy>>;

/** The whole benchmark. Everything it starts is ended, whatever happens. */
export async function runHttp(options: BenchArguments, say: Say): Promise<HttpResult> {
  say('bundling the ambassador, building the load generator, starting three backends');
  const stage = await openHttpStage();
  try {
    bundleAmbassador(stage);
    const proxies = await inTurn(0, SIDES, (side) => START[side](stage));
    const started = bySide((side) => rounded(memory(proxies[side].pid).resident));
    const wanted = (name: string): boolean => options.cases.length === 0 || options.cases.includes(name);
    const cases: Record<string, HttpCaseResult> = {};
    for (const which of CASES.filter(({ name }) => wanted(name)))
      cases[which.name] = await oneCase(stage, proxies, which, options, say);
    const ports = bySide((side) => proxies[side].port);
    const open = wanted('open') ? await openLoops(stage, ports, CASES[0] as HttpCase, options, say) : undefined;
    const held = bySide((side) => ({ started: started[side], peak: rounded(memory(proxies[side].pid).peak) }));
    const gone = wanted('abort') ? await inTurn(0, SIDES, (side) => aborts(stage, proxies[side])) : undefined;
    return {
      name: 'http',
      peer: `nginx ${nginxVersion()}`,
      haproxy: `HAProxy ${haproxyVersion()}`,
      rounds: options.rounds,
      cases,
      ...(open === undefined ? {} : { openLoop: open }),
      ...(gone === undefined ? {} : { aborts: gone }),
      memory: held,
    };
  } finally {
    await stage.close();
  }
}

function bySide<T>(of: (side: Side) => T): Record<Side, T> {
  return { ours: of('ours'), peer: of('peer'), haproxy: of('haproxy') };
}

async function oneCase(
  stage: HttpStage,
  proxies: Proxies,
  which: HttpCase,
  options: BenchArguments,
  say: Say,
): Promise<HttpCaseResult> {
  const direct = await directRate(stage, which, 1);
  say(`${which.name}: ${direct}/s without a proxy; warming all up`);
  for (const side of SIDES) await warmUp(stage, proxies[side], which);
  const rounds: Record<Side, Sample>[] = [];
  for (let i = 0; i < options.rounds; i++) {
    const round = await inTurn(i, SIDES, (side) => measure(stage, proxies[side], which, options.seconds));
    rounds.push(round);
    say(`${which.name}: round ${i + 1} of ${options.rounds}: ${roundLine(round)}`);
  }
  return {
    ...caseOf(rounds, SIDES),
    haproxy: summarize(rounds.map(({ ours, haproxy }) => ({ ours, peer: haproxy }))),
    direct,
  };
}
