import type { PlainMessage } from '@motif/chassis/http/testing/plain-reader';
import { RawHttpClient, statusOf } from '@motif/chassis/http/testing/raw-client';

export interface LoadOptions {
  readonly port: number;
  /** Requests per second, whether or not earlier ones are answered. */
  readonly rate: number;
  /** The requests' bytes, taken in turn. */
  readonly requests: readonly string[];
  /** Connections that it may have at most; what finds none free counts as `no connection`. */
  readonly connections: number;
}

/** What became of the requests of a while. */
export interface Seen {
  /** Milliseconds from when a request was due to its whole answer; those of 200 alone. */
  readonly latencies: number[];
  /** How often each thing was seen: `200`, `503 ShardDown`, `closed`… */
  readonly outcomes: Map<string, number>;
}

/** The smallest value that `percent` of them do not exceed; NaN of nothing. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

function outcomeOf(answer: PlainMessage): string {
  const code = answer.headers['x-motif-error'];
  return code === undefined ? String(statusOf(answer)) : `${statusOf(answer)} ${code}`;
}

/** Requests at an even pace over kept connections, each timed from the moment it was due: a proxy that stalls does not slow its own test. */
export class PacedLoad {
  readonly #options: LoadOptions;
  readonly #free: RawHttpClient[] = [];
  readonly #all = new Set<RawHttpClient>();
  #opening = 0;
  #seen: Seen = { latencies: [], outcomes: new Map() };
  #from = 0;
  #sent = 0;
  #done = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  start(): void {
    this.#from = performance.now() - this.#sent * (1000 / this.#options.rate);
    this.#timer = setInterval(() => this.#send(), 1);
  }

  /** What was seen since the last time it was asked. */
  take(): Seen {
    const seen = this.#seen;
    this.#seen = { latencies: [], outcomes: new Map() };
    return seen;
  }

  /** Sends no more, and waits until everything is answered one way or another. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    while (this.#done < this.#sent) await new Promise((resolve) => setTimeout(resolve, 10));
    for (const client of this.#all) client.destroy();
    this.#free.splice(0);
  }

  #send(): void {
    const gap = 1000 / this.#options.rate;
    for (let due = this.#from + this.#sent * gap; due <= performance.now(); due += gap) {
      const text = this.#options.requests[this.#sent % this.#options.requests.length] as string;
      this.#sent++;
      void this.#ask(text, due);
    }
  }

  async #ask(text: string, due: number): Promise<void> {
    const seen = this.#seen;
    let outcome = 'no connection';
    const client = await this.#client();
    if (client !== undefined) {
      try {
        const answer = await client.ask(text);
        outcome = outcomeOf(answer);
        if (outcome === '200') seen.latencies.push(performance.now() - due);
        if (answer.headers.connection === 'close') this.#drop(client);
        else this.#free.push(client);
      } catch {
        outcome = client.text.length === 0 ? `closed ${client.error}`.trim() : 'cut';
        this.#drop(client);
      }
      client.text = '';
    }
    seen.outcomes.set(outcome, (seen.outcomes.get(outcome) ?? 0) + 1);
    this.#done++;
  }

  #drop(client: RawHttpClient): void {
    client.destroy();
    this.#all.delete(client);
  }

  async #client(): Promise<RawHttpClient | undefined> {
    for (let free = this.#free.pop(); free !== undefined; free = this.#free.pop()) {
      if (!free.ended) return free;
      this.#drop(free);
    }
    if (this.#all.size + this.#opening >= this.#options.connections) return undefined;
    this.#opening++;
    try {
      const client = await RawHttpClient.connect(this.#options.port);
      this.#all.add(client);
      return client;
    } catch {
      return undefined;
    } finally {
      this.#opening--;
    }
  }
}
