import { silentLogger, systemClock, systemRandom } from '@motif/kit';
import { createKubeClient, type KubeClientOptions } from '../client/client.ts';
import type { KubeClient } from '../client/types.ts';
import { plainConnection } from '../connection/plain.ts';
import type { ResourceRef } from '../resource.ts';
import type { FakeApiServer } from './fake-server/server.ts';

/** A custom resource for tests. */
export const widgets: ResourceRef = {
  group: 'test.motif.dev',
  version: 'v1',
  resource: 'widgets',
  kind: 'Widget',
  namespaced: true,
};

/** A client of a fake server on the machine's own clock. */
export function fakeClient(server: FakeApiServer, options: Partial<KubeClientOptions> = {}): KubeClient {
  const connection = plainConnection(server.url);
  return createKubeClient({
    connection,
    clock: systemClock,
    random: systemRandom,
    userAgent: 'motif-test',
    ...options,
  });
}

/** What informers and other long-running parts take in tests. */
export const testDependencies = { clock: systemClock, random: systemRandom, logger: silentLogger() };
