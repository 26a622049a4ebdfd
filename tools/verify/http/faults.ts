import { setTimeout as pause } from 'node:timers/promises';
import type { HttpTopology } from '@motif/api';
import { localHttpTopology } from '@motif/api/topology/testing';
import { keysByShard } from '@motif/chassis/http/testing/keys';
import { ProxyChild, ShardsChild } from './children.ts';
import { median, PacedLoad, percentile } from './load.ts';

/** A way in which a shard fails; it ends as it began. */
export interface Fault {
  readonly name: string;
  readonly begin: (ill: ShardsChild) => Promise<void>;
  readonly end: (ill: ShardsChild) => Promise<void>;
}

const behaves = (name: string, mode: Parameters<ShardsChild['mode']>[1]): Fault => ({
  name,
  begin: (ill) => ill.mode(0, mode),
  end: (ill) => ill.mode(0, 'well'),
});

export const FAULTS: readonly Fault[] = [
  {
    name: 'hangs (SIGSTOP)',
    begin: async (ill) => ill.freeze(),
    end: async (ill) => ill.thaw(),
  },
  {
    name: 'refuses',
    begin: (ill) => ill.open(0, false),
    end: (ill) => ill.open(0, true),
  },
  behaves('answers garbage', 'garbage'),
  behaves('a head byte by byte', 'crumbs'),
  behaves('a body byte by byte', 'slow-body'),
  behaves('closes in mid-answer', 'cut'),
];

/** What five pairs of calm and faulty rounds showed. */
export interface FaultFigures {
  readonly fault: string;
  /** p99 of the other shards in milliseconds, by round. */
  readonly calm: number[];
  readonly faulty: number[];
  /** Requests of the other shards in faulty rounds that were answered with anything but 200. */
  errors: number;
  /** Requests of the other shards in faulty rounds. */
  others: number;
  /** What clients of the failing shard saw, with the longest wait until they saw it. */
  readonly seen: Map<string, number>;
}

export interface FaultOptions {
  readonly rounds: number;
  readonly roundMs: number;
  /** Requests per second to the two other shards together, and to the failing one. */
  readonly rate: number;
  readonly illRate: number;
}

/** Like a shard's defaults, but quicker to come back: rounds are short. */
const FAILURE: HttpTopology['failure'] = {
  onDeadShard: 'Fail',
  ejectAfter: 3,
  retryAfter: '200ms',
  timeout: '1s',
  onReturn: 'Serve',
};

const requestsFor = (keys: readonly string[]) =>
  keys.map((key) => `GET /item HTTP/1.1\r\nhost: cart\r\nx-shard-key: ${key}\r\n\r\n`);

/** One proxy, three shards, two of them well; each fault in rounds that alternate with calm ones. */
export class FaultStage {
  readonly #options: FaultOptions;
  readonly #proxy: ProxyChild;
  readonly #ill: ShardsChild;
  readonly #well: ShardsChild;
  readonly #others: PacedLoad;
  readonly #illKeys: readonly string[];

  private constructor(options: FaultOptions, proxy: ProxyChild, ill: ShardsChild, well: ShardsChild, keys: string[][]) {
    this.#options = options;
    this.#proxy = proxy;
    this.#ill = ill;
    this.#well = well;
    const { rate } = options;
    this.#illKeys = keys[0] ?? [];
    const requests = requestsFor(keys.slice(1).flat());
    this.#others = new PacedLoad({ port: proxy.port, rate, requests, connections: 512 });
  }

  static async open(options: FaultOptions): Promise<FaultStage> {
    const [ill, well] = await Promise.all([ShardsChild.start(1), ShardsChild.start(2)]);
    const topology = localHttpTopology([...ill.ports, ...well.ports], { failure: FAILURE });
    const proxy = await ProxyChild.start(topology);
    const stage = new FaultStage(options, proxy, ill, well, keysByShard(topology, 50));
    stage.#others.start();
    await pause(2000);
    return stage;
  }

  async run(fault: Fault): Promise<FaultFigures> {
    const figures: FaultFigures = { fault: fault.name, calm: [], faulty: [], errors: 0, others: 0, seen: new Map() };
    for (let round = 0; round < this.#options.rounds; round++) {
      await this.#calm();
      figures.calm.push(await this.#round(undefined, figures));
      await fault.begin(this.#ill);
      try {
        figures.faulty.push(await this.#round(figures.seen, figures));
      } finally {
        await fault.end(this.#ill);
      }
    }
    return figures;
  }

  async close(): Promise<void> {
    await this.#others.stop();
    await Promise.all([this.#proxy.stop(), this.#ill.stop(), this.#well.stop()]);
  }

  /** The failing shard's load runs in both kinds of rounds, so that they differ in the fault alone. @returns p99 of the others */
  async #round(seen: Map<string, number> | undefined, figures: FaultFigures): Promise<number> {
    const { port } = this.#proxy;
    const { illRate, roundMs } = this.#options;
    const ill = new PacedLoad({ port, rate: illRate, requests: requestsFor(this.#illKeys), connections: 256 });
    this.#others.take();
    ill.start();
    await pause(roundMs);
    const { latencies, outcomes } = this.#others.take();
    if (seen !== undefined) {
      for (const [outcome, count] of outcomes) {
        figures.others += count;
        if (outcome !== '200') {
          figures.errors += count;
          console.log(`  ${figures.fault}: others saw ${outcome} ×${count}`);
        }
      }
    }
    await ill.stop();
    if (seen !== undefined) {
      for (const [outcome, count] of ill.take().outcomes) seen.set(outcome, (seen.get(outcome) ?? 0) + count);
    }
    return percentile(latencies, 99);
  }

  /** Waits until the shard that failed takes all of its traffic again. */
  async #calm(): Promise<void> {
    const { port } = this.#proxy;
    for (let good = 0; good < 20; ) {
      const load = new PacedLoad({ port, rate: 100, requests: requestsFor(this.#illKeys), connections: 64 });
      load.start();
      await pause(200);
      await load.stop();
      const { outcomes } = load.take();
      good = outcomes.size === 1 && outcomes.has('200') ? good + (outcomes.get('200') ?? 0) : 0;
    }
  }
}

/** How much the others' p99 rose, the median of the rounds' differences, in milliseconds. */
export function rise({ calm, faulty }: FaultFigures): number {
  return median(faulty.map((value, i) => value - (calm[i] as number)));
}

const ms = (value: number) => value.toFixed(1);

/** A row of the table. */
export function faultRow(figures: FaultFigures): string {
  const { fault, calm, faulty, errors, others, seen } = figures;
  const differences = faulty.map((value, i) => value - (calm[i] as number));
  const range = `${ms(Math.min(...differences))}…${ms(Math.max(...differences))}`;
  const told = [...seen].toSorted((a, b) => b[1] - a[1]).map(([outcome, count]) => `${outcome} ×${count}`);
  return `| ${fault} | ${ms(median(calm))} | ${ms(median(faulty))} | ${ms(rise(figures))} (${range}) | ${errors} of ${others} | ${told.join(', ')} |`;
}
