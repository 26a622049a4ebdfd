import type { Socket } from 'node:net';
import type { Clock } from '@motif/kit';
import { RetryBudget } from '../resilience/retry-budget.ts';
import { TimerWheel } from '../resilience/timer-wheel.ts';
import { Client } from './downstream/client.ts';
import { Exchange } from './exchange/exchange.ts';
import { parseRequestHead, RequestHead, RequestHeadWriter, ResponseHeadWriter } from './message/index.ts';
import type { HttpObserver } from './observe/observer.ts';
import type { Routing } from './routing.ts';
import type { UpstreamRuntime } from './upstream/runtime.ts';

/** Exchange objects that are kept for use again. */
const KEPT_EXCHANGES = 4096;

/** How exactly a second replica is asked in time. */
const HEDGE_TICK_MS = 2;

/** Clients above the limit that are answered instead of cut off. */
const TURNED_AWAY = 256;

/** All clients of the process and what they have in common. */
export class HttpProxy {
  readonly runtime: UpstreamRuntime;
  readonly observer: HttpObserver;
  readonly clients = new Set<Client>();
  /** What is under way, in no order. */
  readonly active: Exchange[] = [];
  readonly retries = new RetryBudget();
  /** When second replicas are asked. */
  readonly hedges: TimerWheel;
  readonly requestWriter: RequestHeadWriter;
  readonly responseWriter: ResponseHeadWriter;
  /** The head of the request that is being read: valid until the next one. */
  readonly head = new RequestHead();
  routing: Routing;
  draining = false;
  /** Exchanges that were ever begun. */
  begun = 0;
  readonly #again = new RequestHead();
  readonly #free: Exchange[] = [];

  constructor(runtime: UpstreamRuntime, clock: Clock, observer: HttpObserver, routing: Routing, via?: string) {
    this.hedges = new TimerWheel(clock, HEDGE_TICK_MS);
    this.runtime = runtime;
    this.observer = observer;
    this.routing = routing;
    const options = via === undefined ? {} : { via };
    this.requestWriter = new RequestHeadWriter(options);
    this.responseWriter = new ResponseHeadWriter(options);
  }

  /** Whether no further request is taken. */
  get full(): boolean {
    return this.active.length > this.runtime.limits.inFlight;
  }

  /** Serves a connection that was accepted. */
  serve(socket: Socket): void {
    this.runtime.tick();
    const over = this.clients.size - this.runtime.limits.clients;
    if (over >= TURNED_AWAY) {
      // Not even those that are told so may become more and more.
      this.refused('Overloaded');
      socket.destroy();
      return;
    }
    const client = new Client(this, socket);
    this.clients.add(client);
    if (over >= 0) client.turnAway();
    else client.wire.resume();
  }

  left(client: Client): void {
    this.clients.delete(client);
  }

  /** An exchange object for one request. */
  take(): Exchange {
    const exchange = this.#free.pop() ?? new Exchange(this);
    exchange.slot = this.active.length;
    this.active.push(exchange);
    this.begun++;
    this.retries.request();
    return exchange;
  }

  /** The exchange is over. */
  release(exchange: Exchange): void {
    const last = this.active.pop() as Exchange;
    if (last !== exchange) {
      this.active[exchange.slot] = last;
      last.slot = exchange.slot;
    }
    exchange.slot = -1;
    if (this.#free.length < KEPT_EXCHANGES) this.#free.push(exchange);
  }

  /** A head that was parsed before, from where it was kept; valid until the next call. */
  parseAgain(buffer: Buffer, end: number): RequestHead {
    parseRequestHead(buffer, 0, end, this.#again);
    return this.#again;
  }

  /** A client was answered by us although there was no request to count. */
  refused(code: string): void {
    this.observer.refused(code);
  }

  /** Called every few milliseconds. */
  tick(now: number): void {
    // Backwards: what ends takes the last one into its place.
    for (let i = this.active.length - 1; i >= 0; i--) this.active[i]?.check(now);
  }

  /** Called every few hundred milliseconds. */
  sweep(now: number): void {
    for (const client of this.clients) client.sweep(now);
  }
}
