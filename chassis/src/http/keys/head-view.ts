import { jsonScalar, type RequestView } from '@motif/api/expressions';
import { RequestHead } from '../message/request-head.ts';
import { TrustedProxies } from './addresses.ts';
import { clientAddress } from './client-address.ts';
import { cookieRange } from './cookies.ts';
import { ByteRange } from './range.ts';
import { pathRange, queryRange, segmentRange, uriRange } from './target.ts';

/** Finds the country of an address (canonical text): two letters, upper case; undefined where it is not known. */
export type CountryOf = (address: string) => string | undefined;

const NOTHING = Buffer.alloc(0);

/** A parsed request as expressions see it. One object is used for request after request; it reads only what is asked for. */
export class HeadView implements RequestView {
  /** Something asked for the body. */
  bodyAsked = false;
  readonly #proxies: TrustedProxies;
  readonly #countryOf: CountryOf;
  readonly #range = new ByteRange();
  #head = new RequestHead();
  #peer = '';
  /** Undefined: nobody has it yet, and any value stands for its scalars. */
  #body: Buffer | undefined;
  #bodyEnd = 0;

  constructor(proxies = new TrustedProxies([]), countryOf: CountryOf = () => undefined) {
    this.#proxies = proxies;
    this.#countryOf = countryOf;
  }

  /** Looks at this request. @param peer canonical address @param body none: a request without one */
  look(head: RequestHead, peer: string, body: Buffer = NOTHING, bodyEnd: number = body.length): void {
    this.#head = head;
    this.#peer = peer;
    this.#body = body;
    this.#bodyEnd = bodyEnd;
  }

  /** Looks at a request whose body has not come: what asks for it gets some value, and `bodyAsked` tells. */
  lookAhead(head: RequestHead, peer: string): void {
    this.#head = head;
    this.#peer = peer;
    this.#body = undefined;
    this.bodyAsked = false;
  }

  method(): string {
    return this.#head.method;
  }

  uri(): string {
    uriRange(this.#head, this.#range);
    return this.#range.text();
  }

  path(): string {
    pathRange(this.#head, this.#range);
    return this.#range.text();
  }

  segment(index: number): string | undefined {
    return segmentRange(this.#head, index, this.#range) ? this.#range.text() : undefined;
  }

  host(): string {
    return this.#head.host();
  }

  header(name: string): string | undefined {
    return this.#head.header(name);
  }

  cookie(name: string): string | undefined {
    return cookieRange(this.#head, name, this.#range) ? this.#range.text() : undefined;
  }

  query(name: string): string | undefined {
    return queryRange(this.#head, name, this.#range) ? this.#range.text() : undefined;
  }

  ip(): string {
    return clientAddress(this.#head, this.#peer, this.#proxies);
  }

  country(): string | undefined {
    return this.#countryOf(this.ip());
  }

  json(path: readonly string[]): string | undefined {
    if (this.#body !== undefined) return jsonScalar(this.#body, 0, this.#bodyEnd, path);
    this.bodyAsked = true;
    return '?';
  }
}
