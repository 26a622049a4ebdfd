import { resources } from '@motif/kube';
import { FakeApiServer, fakeClient } from '@motif/kube/testing';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type Bench, cases } from './cases.ts';

/** The fake API server behaves as the real one does: test/e2e/kube runs the same cases there. */
describe('the fake API server', () => {
  let server: FakeApiServer;
  let bench: Bench;

  beforeAll(async () => {
    server = await FakeApiServer.start();
    bench = { client: fakeClient(server), namespace: 'conformance' };
    // As in a cluster that has run for a while, version 1 is history.
    await bench.client.create(resources.namespaces, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: bench.namespace },
    });
    server.database.compact();
  });

  afterAll(async () => {
    await bench.client.close();
    await server.stop();
  });

  for (const { name, run } of cases) test(name, () => run(bench));
});
