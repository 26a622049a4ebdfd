import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Catalogue } from './catalogue.ts';

export interface PriceServer {
  readonly server: Server;
  /** From now on each answer ends its connection. */
  beginDraining(): void;
}

export interface PriceServerOptions {
  readonly catalogue: Catalogue;
  readonly owns: (tenant: string, sku: string) => boolean;
  /** The shard's name, and this pod's. */
  readonly shard: string;
  readonly instance: string;
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

/**
 * Answers with the prices of one shard, and says which shard and which replica answered. A key of another shard is 421 (RFC 9110, misdirected
 * request), never 404: an answer of the wrong shard must not look like one of the right.
 */
export function createPriceServer({ catalogue, owns, shard, instance }: PriceServerOptions): PriceServer {
  let answered = 0;
  let draining = false;
  const price = (tenant: string | undefined, sku: string | undefined): Answer => {
    if (!tenant || !sku) return { status: 400, body: { error: 'tenant and sku are needed' } };
    if (!owns(tenant, sku))
      return { status: 421, body: { error: `${tenant}/${sku} is not of ${shard}`, shard, instance } };
    const found = catalogue.find(tenant, sku);
    answered += 1;
    if (found === undefined) return { status: 404, body: { error: `${tenant} has no ${sku}`, shard, instance } };
    return { status: 200, body: { ...found, shard, instance } };
  };
  const answer = (request: IncomingMessage): Answer => {
    const url = new URL(request.url ?? '/', 'http://prices');
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return { status: 405, body: { error: 'prices are read only' } };
    if (url.pathname === '/healthz') return { status: 200, body: { shard, instance } };
    if (url.pathname === '/owned') return { status: 200, body: { shard, instance, prices: catalogue.size, answered } };
    if (url.pathname === '/price')
      return price(url.searchParams.get('tenant') ?? undefined, url.searchParams.get('sku') ?? undefined);
    const sku = /^\/prices\/([^/]+)$/.exec(url.pathname)?.[1];
    if (sku !== undefined) return price(first(request.headers['x-tenant']), sku);
    return { status: 404, body: { error: `there is no ${url.pathname}` } };
  };
  const server = createServer((request, response) => {
    const { status, body } = answer(request);
    if (draining) response.shouldKeepAlive = false;
    send(response, status, { 'x-shard': shard, 'x-instance': instance }, body);
  });
  return {
    server,
    beginDraining: () => {
      draining = true;
    },
  };
}

function send(response: ServerResponse, status: number, headers: Record<string, string>, body: object): void {
  const text = `${JSON.stringify(body)}\n`;
  const own = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  response.writeHead(status, { ...headers, ...own }).end(text);
}

const first = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);
