import type { AddressInfo } from 'node:net';
import type { HttpTopology } from '@motif/api';
import { localHttpTopology } from '@motif/api/topology/testing';
import { Registry, seededRandom, silentLogger, systemClock } from '@motif/kit';
import type { HttpLimits } from '../limits.ts';
import { HttpServer, type HttpServerOptions } from '../server.ts';
import { keysByShard } from './keys.ts';
import type { PlainMessage } from './plain-reader.ts';
import { RawHttpClient } from './raw-client.ts';
import { type BackendBehaviour, echo, ScriptedBackend } from './scripted-backend.ts';

export interface SceneOptions {
  /** By shard; a list for one of several replicas. */
  readonly shards: readonly (BackendBehaviour | readonly BackendBehaviour[])[];
  readonly limits?: Partial<HttpLimits>;
  readonly topology?: Partial<HttpTopology>;
  /** Further options of the server. */
  readonly server?: Partial<HttpServerOptions>;
}

/** A real proxy on loopback before scripted backends. */
export class HttpScene {
  readonly server: HttpServer;
  readonly topology: HttpTopology;
  /** By shard and replica. */
  readonly backends: readonly (readonly ScriptedBackend[])[];
  /** One of its own for each shard. */
  readonly keys: readonly string[];
  readonly #clients: RawHttpClient[] = [];

  private constructor(server: HttpServer, topology: HttpTopology, backends: readonly (readonly ScriptedBackend[])[]) {
    this.server = server;
    this.topology = topology;
    this.backends = backends;
    this.keys = keysByShard(topology, 1).flat();
  }

  static async open({ shards, limits = {}, topology = {}, server: options = {} }: SceneOptions): Promise<HttpScene> {
    const backends = await Promise.all(
      shards.map((each) =>
        Promise.all((typeof each === 'function' ? [each] : each).map((one) => ScriptedBackend.start(one))),
      ),
    );
    const document = localHttpTopology(
      backends.map((replicas) => replicas.map(({ port }) => port)),
      topology,
    );
    const server = new HttpServer({
      listen: { host: '127.0.0.1', port: 0 },
      registry: new Registry(),
      logger: silentLogger(),
      clock: systemClock,
      random: seededRandom(1),
      limits,
      ...options,
    });
    await server.apply(document);
    return new HttpScene(server, document, backends);
  }

  /** One shard that behaves like this, one that echoes. */
  static pair(first: BackendBehaviour, options: Partial<SceneOptions> = {}): Promise<HttpScene> {
    return HttpScene.open({ shards: [first, echo], ...options });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The only replica of a shard. */
  backend(shard: number): ScriptedBackend {
    return this.backends[shard]?.[0] as ScriptedBackend;
  }

  /** Connections to the backends that are open. */
  get upstream(): number {
    return this.backends.flat().reduce((sum, { open }) => sum + open.size, 0);
  }

  async client(allowHalfOpen = false): Promise<RawHttpClient> {
    const client = await RawHttpClient.connect(this.port, allowHalfOpen);
    this.#clients.push(client);
    return client;
  }

  /** A request's head for a shard. */
  head(shard: number, method = 'GET', headers = ''): string {
    return `${method} /path HTTP/1.1\r\nhost: cart\r\nx-shard-key: ${this.keys[shard]}\r\n${headers}\r\n`;
  }

  /** One request over a connection of its own, which is closed after it. */
  async once(text: string): Promise<PlainMessage> {
    const client = await RawHttpClient.connect(this.port);
    try {
      return await client.ask(text);
    } finally {
      client.destroy();
    }
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    this.server.close();
    await Promise.all(this.backends.flat().map((backend) => backend.stop()));
  }
}
