import { X_FORWARDED_HOST, X_FORWARDED_PROTO } from './field-kinds.ts';
import { forwardedElement, forwardingLines, quotesClosed } from './forwarding.ts';
import type { RequestHead } from './request-head.ts';

const NOTHING = Buffer.alloc(0);

/** The side that a connection comes from. One for each connection: it keeps the lines that are the same in all its requests. */
export class Peer {
  /** IP address without port; IPv4 where it is mapped into IPv6. */
  readonly address: string;
  readonly scheme: 'http' | 'https';
  /** Its forwarding fields are believed. */
  readonly trusted: boolean;
  #host = NOTHING;
  #tail = NOTHING;

  constructor(address: string, scheme: 'http' | 'https', trusted: boolean) {
    this.address = address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
    this.scheme = scheme;
    this.trusted = trusted;
  }

  /** The forwarding fields of a request that brings none which are believed, and the head's empty line. */
  tail(head: RequestHead): Buffer {
    if (this.#tail.length === 0 || !this.#sameHost(head)) this.#make(head.host());
    return this.#tail;
  }

  /** The forwarding fields behind a trusted peer: what it said, with the peer itself at the end of the lists. */
  extended(head: RequestHead): string {
    const addresses = [...head.headers('x-forwarded-for'), this.address].filter((value) => value !== '').join(', ');
    const host = head.has(X_FORWARDED_HOST) ? '' : head.host();
    const before = head.headers('forwarded').filter((value) => value !== '' && quotesClosed(value));
    const forwarded = [...before, this.forwarded(head.host())].join(', ');
    const lines = forwardingLines(addresses, host, this.scheme, forwarded);
    return head.has(X_FORWARDED_PROTO) ? lines.replace(/X-Forwarded-Proto: .*\r\n/, '') : lines;
  }

  /** This side as an element of `Forwarded` (RFC 7239). */
  forwarded(host: string): string {
    return forwardedElement(this.address, host, this.scheme);
  }

  #sameHost(head: RequestHead): boolean {
    const { buffer, hostStart } = head;
    const host = this.#host;
    if (host.length !== head.hostEnd - hostStart) return false;
    for (let i = 0; i < host.length; i++) if (buffer[hostStart + i] !== host[i]) return false;
    return true;
  }

  #make(host: string): void {
    this.#host = Buffer.from(host, 'latin1');
    const lines = forwardingLines(this.address, host, this.scheme, this.forwarded(host));
    this.#tail = Buffer.from(`${lines}\r\n`, 'latin1');
  }
}
