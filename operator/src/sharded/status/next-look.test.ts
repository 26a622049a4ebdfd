import { describe, expect, test } from 'vitest';
import { TemplateError } from '../errors.ts';
import { NO_VOLUMES } from '../plan/volumes.ts';
import { emptyWorld, NOW, pass, resource, state } from '../testing.ts';
import { nextLook } from './next-look.ts';

describe('nextLook', () => {
  test('is never where all is well', () => {
    expect(nextLook(pass(), [undefined])).toBeUndefined();
  });

  test('is soon while a shard is not ready, and in time for what is then told', () => {
    const unready = (since: number) => pass({ shards: [state(0, { ready: false, unreadySince: NOW - since })] });
    expect(nextLook(unready(1_000), [])).toBe(5_000);
    expect(nextLook(unready(29_000), [])).toBe(1_001);
    expect(nextLook(unready(90_000), [])).toBe(5_000);
  });

  test('is the earliest of all that is awaited', () => {
    expect(nextLook(pass({ errors: [new TemplateError('x')] }), [1_000, undefined])).toBe(1_000);
    expect(nextLook(pass({ errors: [new TemplateError('x')] }), [])).toBe(30_000);
    expect(nextLook(pass({ volumes: { ...NO_VOLUMES, refused: 'x' } }), [])).toBe(30_000);
  });

  test('is as soon for a replica, which is told later', () => {
    const away = (since: number) => pass({ shards: [state(0, { complete: false, unreadySince: NOW - since })] });
    expect(nextLook(away(1_000), [])).toBe(5_000);
    expect(nextLook(away(119_000), [])).toBe(1_001);
  });

  test('is soon while a list is doubted', () => {
    const world = { ...pass().world, doubts: [{ resource: 'pods', before: 9, after: 0 }] };
    expect(nextLook(pass({ world }), [])).toBe(5_000);
  });

  test('is never while suspended', () => {
    const world = emptyWorld(resource({ suspend: true, router: { replicas: 0 } }));
    expect(nextLook(pass({ world, shards: [state(0, { ready: false })] }), [])).toBeUndefined();
  });
});
