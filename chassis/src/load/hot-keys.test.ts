import { Registry } from '@motif/kit';
import { FakeClock, seededRandom } from '@motif/kit/testing';
import { describe, expect, it } from 'vitest';
import { HotKeys } from './hot-keys.ts';

function watching(every: number) {
  const clock = new FakeClock();
  const registry = new Registry();
  const keys = new HotKeys({ every, clock, random: seededRandom(3), registry });
  const offer = (key: string | Buffer, shard = 'cart-0'): void => {
    const bytes = Buffer.from(key as string);
    keys.offer(bytes, 0, bytes.length, keys.tagOf(shard));
  };
  return { clock, registry, keys, offer };
}

describe('hot keys', () => {
  it('are told with rates, shares and shards, the hottest first', () => {
    const { clock, keys, offer } = watching(1);
    for (let second = 0; second < 10; second++) {
      for (let i = 0; i < 30; i++) offer('alice', 'cart-1');
      for (let i = 0; i < 10; i++) offer('bob');
      clock.advance(1000);
    }
    const { keys: told, requestsPerSecond, sampledOneIn } = keys.report();
    expect(sampledOneIn).toBe(1);
    expect(requestsPerSecond).toBeCloseTo(40, 0);
    expect(told.map(({ rank, key, shard, share }) => [rank, key, shard, share])).toEqual([
      [1, 'alice', 'cart-1', 0.75],
      [2, 'bob', 'cart-0', 0.25],
    ]);
    expect(told[0]?.requestsPerSecond).toBeCloseTo(30, 0);
    expect(told[0]?.errorPerSecond).toBe(0);
  });

  it('are estimated well from one request in sixteen', () => {
    const { clock, keys, offer } = watching(16);
    const random = seededRandom(5);
    for (let second = 0; second < 20; second++) {
      for (let i = 0; i < 2000; i++) offer(random() < 0.25 ? 'hot' : `cold-${Math.floor(random() * 1e5)}`);
      clock.advance(1000);
    }
    const { requestsPerSecond, keys: told } = keys.report();
    expect(requestsPerSecond).toBeGreaterThan(1800);
    expect(requestsPerSecond).toBeLessThan(2200);
    expect(told[0]?.key).toBe('hot');
    expect(told[0]?.share).toBeGreaterThan(0.2);
    expect(told[0]?.share).toBeLessThan(0.3);
  });

  it('cool down when nobody asks for them any more', () => {
    const { clock, keys, offer } = watching(1);
    for (let i = 0; i < 3000; i++) offer('yesterday');
    clock.advance(120_000);
    for (let second = 0; second < 30; second++) {
      for (let i = 0; i < 10; i++) offer('today');
      clock.advance(1000);
    }
    const [first, second] = keys.report().keys;
    expect([first?.key, second?.key]).toEqual(['today', 'yesterday']);
  });

  it('are readable: parts apart, bytes that are no text in hex, long ones cut', () => {
    const { keys, offer } = watching(1);
    const part = (text: string): Buffer => Buffer.concat([Buffer.from([0, 0, 0, text.length]), Buffer.from(text)]);
    offer(Buffer.concat([part('shop'), part('42')]));
    offer(Buffer.from([0xff, 0x0a, 0x41]));
    offer('y'.repeat(300));
    const told = new Map(keys.report().keys.map(({ key, cut }) => [key, cut]));
    expect(told).toEqual(
      new Map([
        ['shop + 42', undefined],
        ['\\xff\\x0aA', undefined],
        ['y'.repeat(128), true],
      ]),
    );
  });

  it('are at most ten in the metric, without their names', async () => {
    const { registry, keys, offer } = watching(1);
    for (let i = 0; i < 30; i++) for (let n = 0; n <= i; n++) offer(`secret-${i}`);
    const page = await registry.metrics();
    expect(page.match(/^motif_hot_key_requests_per_second\{.*$/gm)).toHaveLength(10);
    expect(page).toContain('motif_hot_key_requests_per_second{rank="1",shard="cart-0"} 30');
    expect(page).not.toContain('secret');
    expect(keys.report().keys).toHaveLength(20);
  });

  it('leave nothing behind when it ends', () => {
    const { clock, keys } = watching(1);
    clock.advance(5000);
    keys.close();
    expect(clock.pending).toBe(0);
  });
});
