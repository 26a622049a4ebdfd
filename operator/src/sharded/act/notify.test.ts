import { silentLogger } from '@motif/kit';
import { FakeClock } from '@motif/kit/testing';
import type { KubeClient, KubeObject } from '@motif/kube';
import { describe, expect, test } from 'vitest';
import { resource } from '../testing.ts';
import { Actor, type Tools } from './actor.ts';
import { Notifier } from './notifier.ts';
import { nextValue, SECOND_ROUND_MS } from './notify.ts';

const pod = (name: string, labels: Record<string, string>, annotations: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels, annotations },
});
const cart = { 'motif.dev/uses.ssvc.cart': 'true' };

/** A client that holds pods and merges annotations into them. */
function fixture(pods: KubeObject[]) {
  const clock = new FakeClock();
  const patched: string[] = [];
  const client = {
    async *listAll() {
      yield { items: pods, resourceVersion: '1' };
    },
    async patch(_ref: unknown, { name }: { name: string }, { body }: { body: { metadata: { annotations: object } } }) {
      patched.push(name);
      for (const one of pods)
        if (one.metadata.name === name) Object.assign(one.metadata.annotations ?? {}, body.metadata.annotations);
    },
  } as unknown as KubeClient;
  // Only client and clock are used by what is tested here.
  const actor = new Actor(
    { client, clock } as unknown as Tools,
    resource(),
    silentLogger(),
    new AbortController().signal,
  );
  return { clock, patched, actor };
}

describe('telling pods of a topology', () => {
  const topology = { uid: 'uid-cart', epoch: 3 };
  const lookup = (service: string) => (service === 'cart' ? topology : undefined);

  test('patches each pod twice, a moment apart, and then never again', async () => {
    const { clock, patched, actor } = fixture([pod('a', cart), pod('b', cart)]);
    const notifier = new Notifier();
    expect(await notifier.tell(actor, topology, lookup)).toBe(SECOND_ROUND_MS);
    expect(patched).toEqual(['a', 'b']);
    expect(await notifier.tell(actor, topology, lookup)).toBe(SECOND_ROUND_MS);
    await clock.advance(SECOND_ROUND_MS);
    expect(await notifier.tell(actor, topology, lookup)).toBeUndefined();
    expect(patched).toEqual(['a', 'b', 'a', 'b']);
    expect(await notifier.tell(actor, topology, lookup)).toBeUndefined();
    expect(patched).toHaveLength(4);
  });

  test('an operator that starts anew writes nothing to pods that were told', async () => {
    const { clock, patched, actor } = fixture([pod('a', cart)]);
    for (const notifier of [new Notifier(), new Notifier()]) {
      await notifier.tell(actor, topology, lookup);
      await clock.advance(SECOND_ROUND_MS);
      await notifier.tell(actor, topology, lookup);
    }
    expect(patched).toEqual(['a', 'a']);
  });

  test('leaves pods alone that are going', async () => {
    const going = pod('a', cart);
    going.metadata.deletionTimestamp = 'now';
    const { patched, actor } = fixture([going]);
    await new Notifier().tell(actor, topology, lookup);
    expect(patched).toEqual([]);
  });

  test('values differ by round and by content', () => {
    expect(nextValue(undefined, 'h', 'first')).toBe('h');
    expect(nextValue('h', 'h', 'first')).toBeUndefined();
    expect(nextValue('h', 'h', 'second')).toBe('h-2');
    expect(nextValue('h-2', 'h', 'second')).toBeUndefined();
    expect(nextValue('h-2', 'h', 'first')).toBeUndefined();
    expect(nextValue('h-2', 'i', 'first')).toBe('i');
  });
});
