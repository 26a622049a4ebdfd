import type { Listen } from './proxy.ts';

/** Where to listen: as the setting says, else where only the own pod can connect, on the topology's port. */
export function listenOf(setting: Listen | undefined, port: number): Listen {
  return setting ?? { host: '127.0.0.1', port };
}

/** Whether only the own pod can connect there. */
export function isLocal({ host }: Listen): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}
