import type { ServerResponse } from 'node:http';

/** What a request is, for faults that pick some. */
export interface FaultRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly watch: boolean;
  /** `pods`, `statefulsets.apps`; empty where the path is no resource. */
  readonly resource: string;
}

/** Takes a request over: returns true when it has answered, or means never to. */
export type Fault = (request: FaultRequest, response: ServerResponse) => boolean;

/** Faults of the fake API server; each stays until it is taken away. */
export class FakeFaults {
  readonly #faults = new Set<Fault>();
  readonly #lost = new Map<string, number>();

  /** Adds a fault; the result takes it away. */
  add(fault: Fault): () => void {
    this.#faults.add(fault);
    return () => this.#faults.delete(fault);
  }

  /** Lets the next `count` watch events of a resource vanish. */
  loseEvents(resource: string, count: number): void {
    this.#lost.set(resource, count);
  }

  /** Whether a fault has taken the request over. */
  intercept(request: FaultRequest, response: ServerResponse): boolean {
    return [...this.#faults].some((fault) => fault(request, response));
  }

  /** Whether this event is to vanish. */
  takeEvent(resource: string): boolean {
    const left = this.#lost.get(resource) ?? 0;
    if (left > 0) this.#lost.set(resource, left - 1);
    return left > 0;
  }
}

/** Answers requests that `when` picks with a status, and `Retry-After` seconds where given; `times` bounds how often. */
export function answerWith(
  status: number,
  options: { when?: (request: FaultRequest) => boolean; retryAfter?: number; times?: number; reason?: string } = {},
): Fault {
  let left = options.times ?? Number.POSITIVE_INFINITY;
  return (request, response) => {
    if (options.when?.(request) === false || left-- <= 0) return false;
    if (options.retryAfter !== undefined) response.setHeader('retry-after', String(options.retryAfter));
    response.writeHead(status, { 'content-type': 'application/json' });
    const body = { kind: 'Status', code: status, reason: options.reason, message: `a fault answers ${status}` };
    response.end(JSON.stringify(body));
    return true;
  };
}

/** Answers lists (not watches) that `when` picks as if nothing were there. */
export function emptyLists(when: (request: FaultRequest) => boolean = () => true): Fault {
  return (request, response) => {
    if (request.method !== 'GET' || request.watch || !when(request)) return false;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ kind: 'List', metadata: { resourceVersion: '999999' }, items: [] }));
    return true;
  };
}

/** Cuts the connection before (`sent: false`) a request is carried out. */
export function cutConnection(when: (request: FaultRequest) => boolean, times = Number.POSITIVE_INFINITY): Fault {
  let left = times;
  return (request, response) => {
    if (!when(request) || left-- <= 0) return false;
    response.socket?.destroy();
    return true;
  };
}

/** Never answers: a connection that is half open, or a server that hangs. Watches get their headers first. */
export function hang(when: (request: FaultRequest) => boolean): Fault {
  return (request, response) => {
    if (!when(request)) return false;
    if (request.watch) response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    return true;
  };
}

/** Answers watches with these bytes and ends them. */
export function rawWatch(text: string, times = Number.POSITIVE_INFINITY): Fault {
  let left = times;
  return (request, response) => {
    if (!request.watch || left-- <= 0) return false;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(text);
    return true;
  };
}
