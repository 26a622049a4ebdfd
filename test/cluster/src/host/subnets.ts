import { ClusterError } from '../base/errors.ts';

/** The addresses of one cluster on the wire between the host, the control plane and the nodes. */
export interface Subnet {
  readonly cidr: string;
  readonly host: string;
  readonly control: string;
}

/** 198.18.0.0/15 is set aside for tests between devices (RFC 2544, RFC 6890): 512 networks of 256 addresses. */
const count = 512;

export function subnetAt(index: number): Subnet {
  const base = `198.${18 + Math.floor(index / 256)}.${index % 256}`;
  return { cidr: `${base}.0/24`, host: `${base}.1`, control: `${base}.10` };
}

/** The address of the n-th node, counted from 1. */
export function nodeAddress(subnet: Subnet, index: number): string {
  return subnet.host.replace(/\.1$/, `.${10 + index}`);
}

/** The pods' range of the n-th node, counted from 1. */
export function podRange(index: number): string {
  return `10.244.${index}.0/24`;
}

/**
 * The first network that overlaps nothing of what the machine routes, beginning at a place that the key chooses so that
 * checkouts do not race for the same one.
 * @param used networks in CIDR notation (a default route is no use of anything).
 */
export function pickSubnet(key: string, used: readonly string[]): Subnet {
  const start = Number.parseInt(key, 16) % count;
  for (let step = 0; step < count; step++) {
    const subnet = subnetAt((start + step) % count);
    if (!used.some((other) => overlaps(subnet.cidr, other))) return subnet;
  }
  throw new ClusterError('NoSubnet', 'every network of 198.18.0.0/15 is in use on this machine; free one (`ip route`)');
}

/** The IPv4 networks in the output of `ip -4 -o route show table all` and `ip -4 -o addr`, without default routes. */
export function parseUsed(...outputs: readonly string[]): string[] {
  const found = outputs.join('\n').match(/\b\d+\.\d+\.\d+\.\d+(\/\d+)?\b/g) ?? [];
  return [...new Set(found)].filter((cidr) => !cidr.endsWith('/0'));
}

export function overlaps(left: string, right: string): boolean {
  const [a, aBits] = parseCidr(left);
  const [b, bBits] = parseCidr(right);
  const shift = 32 - Math.min(aBits, bBits);
  return shift === 32 || a >>> shift === b >>> shift;
}

function parseCidr(cidr: string): [number, number] {
  const [address = '', bits = '32'] = cidr.split('/');
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return [value >>> 0, Number(bits)];
}
