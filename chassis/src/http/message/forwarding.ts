import { FORWARDED, X_FORWARDED_FOR } from './field-kinds.ts';

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** One element of `Forwarded` (RFC 7239, 4). @param host may be empty: then it is left out */
export function forwardedElement(address: string, host: string, scheme: string): string {
  const node = address.includes(':') ? `"[${address}]"` : address;
  return `for=${node}${host === '' ? '' : `;host=${quoted(host)}`};proto=${scheme}`;
}

/** The four forwarding fields. @param host may be empty: then there is no X-Forwarded-Host */
export function forwardingLines(addresses: string, host: string, scheme: string, forwarded: string): string {
  const hostLine = host === '' ? '' : `X-Forwarded-Host: ${host}\r\n`;
  return `X-Forwarded-For: ${addresses}\r\nX-Forwarded-Proto: ${scheme}\r\n${hostLine}Forwarded: ${forwarded}\r\n`;
}

/** The kinds that `Peer.extended` makes anew. */
export const EXTENDED = (1 << X_FORWARDED_FOR) | (1 << FORWARDED);

function quoted(value: string): string {
  return TOKEN.test(value) ? value : `"${value}"`;
}

/** An open quote would swallow what is appended. */
export function quotesClosed(value: string): boolean {
  let open = false;
  for (let i = 0; i < value.length; i++) {
    if (value[i] === '\\' && open) i++;
    else if (value[i] === '"') open = !open;
  }
  return !open;
}
