import type { KubeConnection } from './types.ts';

/** A connection without credentials, as to `kubectl proxy` or a fake API server on loopback. */
export function plainConnection(server: string, namespace = 'default'): KubeConnection {
  return { server: server.replace(/\/+$/, ''), namespace, tls: async () => ({}), headers: async () => ({}) };
}
