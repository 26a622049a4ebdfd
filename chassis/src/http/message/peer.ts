/** The side that a connection comes from. One for each connection: it keeps the lines that are the same in all its requests. */
export class Peer {
  /** IP address without port; IPv4 where it is mapped into IPv6. */
  readonly address: string;
  readonly scheme: 'http' | 'https';
  /** Its forwarding fields are believed. */
  readonly trusted: boolean;

  constructor(address: string, scheme: 'http' | 'https', trusted: boolean) {
    this.address = address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
    this.scheme = scheme;
    this.trusted = trusted;
  }
}
