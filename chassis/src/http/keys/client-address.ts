import { FORWARDED, X_FORWARDED_FOR } from '../message/field-kinds.ts';
import type { RequestHead } from '../message/request-head.ts';
import { canonicalAddress, type TrustedProxies } from './addresses.ts';

/** Addresses looked at in one request: longer chains are no proxies', and each costs. */
const LONGEST_CHAIN = 32;

/**
 * The client's address: the peer's, unless that is a trusted proxy. Then the proxies' own list is walked from its end, which the nearest
 * wrote, up to the first address that is no trusted proxy's: what stands before it the client may have made up. `X-Forwarded-For` counts, and where there is
 * none `Forwarded` (RFC 7239). An entry that is no address ends the walk at the proxy that wrote it.
 * @param peer canonical text
 */
export function clientAddress(head: RequestHead, peer: string, proxies: TrustedProxies): string {
  if (!proxies.trusts(peer)) return peer;
  const chain = head.has(X_FORWARDED_FOR) ? forwardedFor(head) : head.has(FORWARDED) ? forwarded(head) : [];
  let client = peer;
  for (let i = chain.length - 1; i >= 0 && i >= chain.length - LONGEST_CHAIN; i--) {
    const address = canonicalAddress(chain[i] as string);
    if (address === undefined) return client;
    client = address;
    if (!proxies.trusts(client)) return client;
  }
  return client;
}

function forwardedFor(head: RequestHead): string[] {
  return elements(head.headers('x-forwarded-for').join(','));
}

/** The `for` of each element; without one it names nobody. */
function forwarded(head: RequestHead): string[] {
  return elements(head.headers('forwarded').join(',')).map((element) => {
    const match = /(?:^|;)[ \t]*for[ \t]*=[ \t]*(?:"([^"\\]*)"|([^";,\s]+))/i.exec(element);
    return match?.[1] ?? match?.[2] ?? '';
  });
}

/** Empty elements are no elements (RFC 9110 §5.6.1.2). */
function elements(list: string): string[] {
  return list
    .split(',')
    .map((element) => element.trim())
    .filter((element) => element !== '');
}
