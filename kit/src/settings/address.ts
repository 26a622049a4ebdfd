/** Where to listen or what to call. */
export interface Address {
  /** An IP address or a DNS name; IPv6 without brackets. */
  readonly host: string;
  /** 0 to 65535. */
  readonly port: number;
}

const FORM = /^(?:\[([0-9a-fA-F:.]{2,45})\]|([A-Za-z0-9](?:[-A-Za-z0-9._]{0,251}[A-Za-z0-9])?)):([0-9]{1,5})$/;

/** Reads `host:port`, with IPv6 addresses in brackets; undefined when the text is something else. */
export function parseAddress(text: string): Address | undefined {
  const match = FORM.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port > 65_535 ? undefined : { host, port };
}

/** The text that `parseAddress` reads. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
