import { silentLogger } from '@motif/kit';
import { type KubeClient, type KubeObject, OwnWrites } from '@motif/kube';
import { describe, expect, test } from 'vitest';
import { shardStatefulSet } from '../desired/statefulset.ts';
import { http, live } from '../testing.ts';
import { Actor, type Tools } from './actor.ts';
import { leaveReplicas } from './leave-replicas.ts';

const of = http({ shardAutoscaling: { maxReplicas: 4 } });
const set = (fields: Record<string, unknown>, manager = 'motif') => {
  const one = live(of, shardStatefulSet(of, 0, { replicas: 3, fingerprint: 'x' }));
  one.metadata.managedFields = [{ manager, operation: 'Apply', apiVersion: 'apps/v1', fieldsV1: fields }];
  return one;
};

/** What was applied, and as whom. */
async function applied(live: Parameters<typeof leaveReplicas>[1]): Promise<unknown[]> {
  const calls: unknown[] = [];
  const client = {
    async apply(_ref: unknown, body: KubeObject, { fieldManager, force }: { fieldManager: string; force: boolean }) {
      calls.push({ body, fieldManager, force });
      return { ...body, metadata: { ...body.metadata, resourceVersion: '9' } };
    },
  } as unknown as KubeClient;
  // Nothing else is used by what is tested here.
  const tools = { client, ownWrites: new OwnWrites() } as unknown as Tools;
  await leaveReplicas(new Actor(tools, of, silentLogger(), new AbortController().signal), live);
  return calls;
}

describe('leaving the number of replicas to an autoscaler', () => {
  test('has somebody else hold the number as it is, and never against another', async () => {
    expect(await applied(set({ 'f:spec': { 'f:replicas': {} } }))).toEqual([
      {
        fieldManager: 'motif-replicas',
        force: false,
        body: {
          apiVersion: 'apps/v1',
          kind: 'StatefulSet',
          metadata: { name: 'cart-0', namespace: 'shop', uid: 'uid-cart-0' },
          spec: { replicas: 3 },
        },
      },
    ]);
  });

  test('writes nothing where the number is not ours', async () => {
    expect(await applied(set({ 'f:spec': { 'f:template': {} } }))).toEqual([]);
    expect(await applied(set({ 'f:spec': { 'f:replicas': {} } }, 'somebody'))).toEqual([]);
    expect(await applied(undefined)).toEqual([]);
  });
});
