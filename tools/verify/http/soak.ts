import type { HttpTopology } from '@motif/api';
import { localHttpTopology } from '@motif/api/topology/testing';
import { RawHttpClient, statusOf } from '@motif/chassis/http/testing/raw-client';
import { ok, ScriptedBackend } from '@motif/chassis/http/testing/scripted-backend';
import type { Random } from '@motif/kit';

/** Pods answer what they have begun for so long after they have left the topology. */
const GRACE_MS = 700;

/** What the clients of a soak count. */
export interface SoakFigures {
  requests: number;
  answered: number;
  /** Requests that got no answer, or an error. */
  lost: number;
  /** Answers that were another request's. */
  wrong: number;
  /** Why, how often. */
  readonly errors: Map<string, number>;
}

/** What takes topologies over. */
export interface Applies {
  apply(topology: HttpTopology): Promise<void>;
}

interface Pod {
  readonly backend: ScriptedBackend;
  weight: number;
}

/** Shards as pods on loopback, of which each notes what it did: by the request's number, how often. */
export class Pods {
  /** How many requests the proxy has sent again. */
  again = 0;
  readonly #done = new Map<string, number>();
  readonly #random: Random;
  #shards: Pod[][] = [];
  #weights: number[] = [];
  #epoch = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** As many shards, of two pods each. */
  static async start(count: number, random: Random): Promise<Pods> {
    const pods = new Pods(random);
    for (let i = 0; i < count; i++) await pods.#grow();
    return pods;
  }

  /** How many requests were done more than once. */
  get twice(): number {
    return [...this.#done.values()].filter((times) => times > 1).length;
  }

  /** The next document; its epoch is one more than the last one's. */
  nextTopology(): HttpTopology {
    const ports = this.#shards.map((shard) => shard.map(({ backend }) => backend.port));
    const document = localHttpTopology(ports);
    const shards = document.shards.map((shard, i) => ({
      ...shard,
      weight: this.#weights[i] as number,
      // A pod that was replaced is another one: its name is.
      endpoints: shard.endpoints.map((endpoint) => ({ ...endpoint, name: `cart-${i}-${endpoint.port}` })),
    }));
    this.#epoch++;
    return { ...document, epoch: this.#epoch, shards };
  }

  /** One change by chance, taken over by the proxy as the operator would publish it: new pods first, old ones drained afterwards. */
  async change(proxy: Applies): Promise<string> {
    const kind = Math.floor(this.#random() * 4);
    const count = this.#shards.length;
    if (kind === 0 && count < 8) {
      await this.#grow();
      await proxy.apply(this.nextTopology());
      return 'grow';
    }
    if (kind === 1 && count > 2) {
      const gone = this.#shards.pop() ?? [];
      this.#weights.pop();
      await proxy.apply(this.nextTopology());
      await this.#drain(gone);
      return 'shrink';
    }
    if (kind === 2) {
      this.#weights[Math.floor(this.#random() * count)] = 1 + Math.floor(this.#random() * 5);
      await proxy.apply(this.nextTopology());
      return 'reweight';
    }
    const shard = this.#shards[Math.floor(this.#random() * count)] as Pod[];
    const old = shard.splice(Math.floor(this.#random() * shard.length), 1, await this.#pod());
    await proxy.apply(this.nextTopology());
    await this.#drain(old);
    return 'roll';
  }

  async stop(): Promise<void> {
    await Promise.all(this.#shards.flat().map(({ backend }) => backend.stop()));
  }

  async #grow(): Promise<void> {
    this.#shards.push([await this.#pod(), await this.#pod()]);
    this.#weights.push(1);
  }

  async #pod(): Promise<Pod> {
    const random = this.#random;
    const backend = await ScriptedBackend.start(({ headers, body }, connection) => {
      backend.received.length = 0;
      const id = headers['x-id'] ?? '';
      this.#done.set(id, (this.#done.get(id) ?? 0) + 1);
      if (headers['x-motif-attempt'] !== undefined) this.again++;
      // As servers do: some want a connection no longer.
      const last = random() < 0.01;
      const answer = () => {
        connection.say(ok(`${id}|${body.length}`, last ? 'connection: close\r\n' : ''));
        if (last) connection.socket.end();
      };
      const delay = random();
      if (delay < 0.5) answer();
      else setTimeout(answer, 100 * (delay - 0.5));
    });
    return { backend, weight: 1 };
  }

  /** What a pod does that ends: it answers what it has, and goes. */
  async #drain(pods: readonly Pod[]): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, GRACE_MS));
    await Promise.all(pods.map(({ backend }) => backend.stop()));
  }
}

/** Clients that ask one thing after the other, each with a number of its own, until they are told to stop. */
export async function soakClient(
  port: number,
  name: number,
  random: Random,
  figures: SoakFigures,
  over: () => boolean,
): Promise<void> {
  let client = await RawHttpClient.connect(port);
  for (let i = 0; !over(); i++) {
    const id = `${name}-${i}`;
    const large = random() < 0.05;
    const body = 'b'.repeat(large ? 100_000 : Math.floor(random() * 200));
    const get = random() < 0.5;
    const head = `${get ? 'GET' : 'POST'} /item HTTP/1.1\r\nhost: cart\r\nx-id: ${id}\r\nx-shard-key: ${random()}\r\n`;
    figures.requests++;
    client.text = '';
    try {
      const answer = await client.ask(get ? `${head}\r\n` : `${head}content-length: ${body.length}\r\n\r\n${body}`);
      const expected = `${id}|${get ? 0 : body.length}`;
      if (statusOf(answer) !== 200) miss(figures, `${get ? 'GET' : 'POST'} ${statusOf(answer)} ${answer.body.trim()}`);
      else if (answer.body !== expected) figures.wrong++;
      else figures.answered++;
      if (answer.headers.connection === 'close') {
        client.destroy();
        client = await RawHttpClient.connect(port);
      }
    } catch (error) {
      miss(figures, String(error));
      client.destroy();
      client = await RawHttpClient.connect(port);
    }
  }
  client.destroy();
}

function miss(figures: SoakFigures, reason: string): void {
  figures.lost++;
  figures.errors.set(reason, (figures.errors.get(reason) ?? 0) + 1);
}
