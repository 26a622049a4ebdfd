import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { JsonPatchOperation } from '../../client/types.ts';
import { type KubeObject, keyOf } from '../../object.ts';
import { apiVersionOf, type ResourceRef, resourceName, resources } from '../../resource.ts';
import { Database } from './database.ts';
import { FakeFaults } from './faults.ts';
import { Pages } from './pages.ts';
import { jsonPatch, mergePatch } from './patches.ts';
import { parsePath, type Route } from './routes.ts';
import { badRequest, StatusError } from './status.ts';
import { serveWatch } from './watches.ts';
import { type Writer, Writes } from './writes.ts';

export interface FakeServerOptions {
  /** Resources beside the built-in ones. */
  readonly resources?: readonly ResourceRef[];
  /** Default: any free one; a restart passes the old one. */
  readonly port?: number;
  /** What a restarted server finds in its store. */
  readonly database?: Database;
}

/** One request that the server saw, faults included. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly at: number;
}

/**
 * An API server in this process, over real HTTP on loopback, for faults that a real one does not show on demand.
 * It knows versions, generation, the status subresource, conflicts, 410, server-side apply by field, pages, selectors, bookmarks,
 * finalizers and preconditions. It has no schemas, defaults, admission, controllers or garbage collection. What it does is held against a real API
 * server by `test/conformance/kube`.
 */
export class FakeApiServer {
  readonly database: Database;
  readonly faults = new FakeFaults();
  readonly requests: SeenRequest[] = [];
  readonly #writes: Writes;
  readonly #pages: Pages;
  readonly #known: readonly ResourceRef[];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #frozen: Database | undefined;

  private constructor(options: FakeServerOptions) {
    this.#known = [...Object.values(resources), ...(options.resources ?? [])];
    this.database = options.database ?? new Database();
    this.#writes = new Writes(this.database);
    this.#pages = new Pages(() => this.#reads);
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(options: FakeServerOptions = {}): Promise<FakeApiServer> {
    const server = new FakeApiServer(options);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject);
      server.#server.listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /**
   * From now on reads and lists show what is there at this moment, as an API server does that lags behind; writes are carried out. The result ends it.
   */
  freezeReads(): () => void {
    this.#frozen = this.database.snapshot();
    return () => {
      this.#frozen = undefined;
    };
  }

  get #reads(): Database {
    return this.#frozen ?? this.database;
  }

  /** Cuts all connections. */
  cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Stops listening and cuts all connections. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.cutAll();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake');
    const method = request.method ?? 'GET';
    this.requests.push({ method, url: request.url ?? '/', at: performance.now() });
    try {
      const body = await readBody(request);
      const query = url.searchParams;
      const watch = query.has('watch');
      const resource = this.#resourceOf(url.pathname);
      if (this.faults.intercept({ method, path: url.pathname, query, watch, resource }, response)) return;
      const route = parsePath(url.pathname, this.#known);
      if (watch) serveWatch({ ...route, query }, response, this.database, this.faults);
      else this.#answer(response, method, route, () => this.#handle(method, route, query, body, request));
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      answer(response, error.status.code, error.status);
    }
  }

  /** 201 for what was made, by POST or by an apply. */
  #answer(response: ServerResponse, method: string, { ref, namespace, name }: Route, handle: () => unknown): void {
    const existed = method !== 'PATCH' || this.database.find(ref, keyFor(namespace, name ?? '')) !== undefined;
    const body = handle();
    answer(response, method === 'POST' || !existed ? 201 : 200, body);
  }

  #resourceOf(path: string): string {
    try {
      return resourceName(parsePath(path, this.#known).ref);
    } catch {
      return '';
    }
  }

  #handle(method: string, route: Route, query: URLSearchParams, body: unknown, request: IncomingMessage): unknown {
    const { ref, namespace, name, subresource } = route;
    const now = new Date(0).toISOString();
    const writer: Writer = { manager: query.get('fieldManager') ?? 'unknown', subresource, now };
    if (name === undefined) {
      if (method === 'GET') return this.#pages.list(ref, namespace, query);
      if (method === 'POST') return this.#writes.create(ref, inNamespace(body, namespace), writer);
      throw badRequest(`${method} of a collection`);
    }
    const key = keyFor(namespace, name);
    switch (method) {
      case 'GET':
        return this.#reads.get(ref, key);
      case 'PUT':
        return this.#writes.update(ref, key, inNamespace(body, namespace), writer);
      case 'DELETE':
        return this.#writes.remove(
          ref,
          key,
          (body as { preconditions?: { uid?: string } } | undefined)?.preconditions,
          now,
        );
      case 'PATCH':
        return this.#patch(ref, key, body, query, request.headers['content-type'] ?? '', writer);
      default:
        throw badRequest(method);
    }
  }

  #patch(
    ref: ResourceRef,
    key: string,
    body: unknown,
    query: URLSearchParams,
    type: string,
    writer: Writer,
  ): KubeObject {
    if (type.includes('apply-patch')) {
      const applied = body as KubeObject;
      const matches =
        applied.kind === ref.kind && applied.apiVersion === apiVersionOf(ref) && key.endsWith(keyOf(applied));
      if (!matches) throw badRequest('the object does not match the URL');
      return this.#writes.apply(ref, key, applied, query.get('force') === 'true', writer);
    }
    const live = this.database.get(ref, key);
    const { resourceVersion: _current, ...metadata } = live.metadata;
    // Without a version of the writer's own the patch is tried on whatever is there.
    const base = { ...live, metadata };
    const patched = type.includes('merge-patch')
      ? mergePatch(base, body)
      : jsonPatch(base, body as JsonPatchOperation[]);
    return this.#writes.update(ref, key, patched as KubeObject, writer);
  }
}

const keyFor = (namespace: string | undefined, name: string) =>
  namespace === undefined ? name : `${namespace}/${name}`;

function inNamespace(body: unknown, namespace: string | undefined): KubeObject {
  const object = body as KubeObject;
  return namespace === undefined ? object : { ...object, metadata: { ...object.metadata, namespace } };
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
