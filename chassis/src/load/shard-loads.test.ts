import { FakeClock } from '@motif/kit/testing';
import { expect, it } from 'vitest';
import { type LoadSource, ShardLoads } from './shard-loads.ts';

it('loads are rates, shares and what is in flight, of the shards there are', () => {
  const clock = new FakeClock();
  const sources = new Map<string, { -readonly [K in keyof LoadSource]: LoadSource[K] }>(
    ['a', 'b'].map((shard) => [shard, { shard, ended: 0, inFlight: 0 }]),
  );
  const loads = new ShardLoads(clock, () => sources.values());
  expect(loads.read()).toEqual(['a', 'b'].map((shard) => ({ shard, requestsPerSecond: 0, inFlight: 0, share: 0 })));
  for (let second = 0; second < 5; second++) {
    clock.advance(1000);
    sources.get('a')!.ended += 30;
    sources.get('b')!.ended += 10;
  }
  sources.get('b')!.inFlight = 3;
  expect(loads.read()).toEqual([
    { shard: 'a', requestsPerSecond: 30, inFlight: 0, share: 0.75 },
    { shard: 'b', requestsPerSecond: 10, inFlight: 3, share: 0.25 },
  ]);
  sources.delete('a');
  clock.advance(1000);
  sources.set('a', { shard: 'a', ended: 0, inFlight: 0 });
  clock.advance(1000);
  // It came back with a count that begins anew: what it had before is forgotten.
  expect(loads.read().find(({ shard }) => shard === 'a')?.requestsPerSecond).toBe(0);
  loads.close();
  expect(clock.pending).toBe(0);
});
