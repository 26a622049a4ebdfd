import { BlockList, isIP, SocketAddress } from 'node:net';

/**
 * The canonical text of an address (RFC 5952; IPv4 mapped into IPv6 as IPv4) as it stands in forwarding fields: with or without brackets, port
 * and zone. Undefined for anything else, such as `unknown`.
 */
export function canonicalAddress(text: string): string | undefined {
  const bare = withoutPort(text);
  const family = isIP(bare);
  if (family === 4) return bare;
  if (family === 0) return undefined;
  const zone = bare.indexOf('%');
  const { address } = new SocketAddress({ address: zone === -1 ? bare : bare.slice(0, zone), family: 'ipv6' });
  return unmapped(address);
}

/** The address of a socket's peer: as canonical as the runtime gives it, but for IPv4 in a socket of both families. */
export function unmapped(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

function withoutPort(text: string): string {
  if (text.startsWith('[')) {
    const end = text.indexOf(']');
    return end > 0 && /^(:[0-9]{1,5})?$/.test(text.slice(end + 1)) ? text.slice(1, end) : '';
  }
  const colon = text.indexOf(':');
  return colon !== -1 && colon === text.lastIndexOf(':') ? text.slice(0, colon) : text;
}

/** Answers that are kept: as many as proxies and clients of one process may have, and a bound. */
const MOST_KEPT = 4096;

/** The proxies whose word about clients counts: `trustedProxies` of the resource. */
export class TrustedProxies {
  readonly #list = new BlockList();
  readonly #known = new Map<string, boolean>();
  readonly #any: boolean;

  /** @param ranges CIDRs, IPv4 or IPv6 */
  constructor(ranges: readonly string[]) {
    this.#any = ranges.length > 0;
    for (const range of ranges) {
      const [network = '', bits] = range.split('/');
      this.#list.addSubnet(network, Number(bits), network.includes(':') ? 'ipv6' : 'ipv4');
    }
  }

  /** Whether this address, in canonical text, is a trusted proxy's. */
  trusts(address: string): boolean {
    return this.#any && (this.#known.get(address) ?? this.#look(address));
  }

  #look(address: string): boolean {
    const trusted = isIP(address) !== 0 && this.#list.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
    if (this.#known.size >= MOST_KEPT) this.#known.clear();
    this.#known.set(address, trusted);
    return trusted;
  }
}
