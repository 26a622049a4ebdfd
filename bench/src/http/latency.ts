import type { Latency } from '../latency.ts';
import { medianLatency } from '../latency.ts';
import { inTurn, type Say } from '../rounds.ts';
import { median, rounded } from '../statistics.ts';
import { SIDES, type Side } from './proxies.ts';
import { type HttpStage, runLoad } from './stage.ts';
import { type HttpCase, loadArguments } from './throughput.ts';

/** Requests a second of the open loop: far from any proxy's limit. */
export const OPEN_RATE = 1000;

/** Latencies at a fixed rate, and those of the same requests without a proxy. */
export interface OpenLoop {
  readonly rate: number;
  readonly latency: Readonly<Record<Side | 'direct', Latency>>;
  /** Median over the rounds of what our p99 is above nginx's in the same round, in milliseconds. */
  readonly p99AboveNginx: number;
}

/** Sends requests at a fixed rate through each proxy in turn, whether or not answers come back. */
export async function openLoops(
  stage: HttpStage,
  ports: Readonly<Record<Side, number>>,
  which: HttpCase,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
  say: Say,
): Promise<OpenLoop> {
  const sides = ['direct', ...SIDES] as const;
  const port = { ...ports, direct: stage.shards[0] as number };
  const found: Record<Side | 'direct', Latency>[] = [];
  for (let i = 0; i < rounds; i++) {
    const round = await inTurn(i, sides, (side) => openLoop(stage, port[side], which, seconds));
    found.push(round);
    const p99 = sides.map((side) => `${side} ${round[side].p99}`).join(', ');
    say(`open loop at ${OPEN_RATE}/s: round ${i + 1} of ${rounds}: p99 in ms: ${p99}`);
  }
  const of = (side: Side | 'direct'): Latency => medianLatency(found.map((round) => round[side]));
  return {
    rate: OPEN_RATE,
    latency: { direct: of('direct'), ours: of('ours'), peer: of('peer'), haproxy: of('haproxy') },
    p99AboveNginx: rounded(median(found.map(({ ours, peer }) => ours.p99 - peer.p99))),
  };
}

function openLoop(stage: HttpStage, port: number, which: HttpCase, seconds: number): Promise<Latency> {
  const rate = ['-mode', 'open', '-rate', String(OPEN_RATE), '-duration', `${seconds}s`];
  return runLoad(stage, port, ...loadArguments(which), ...rate);
}
