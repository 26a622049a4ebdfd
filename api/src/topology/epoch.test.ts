import { describe, expect, it } from 'vitest';
import { isOlder, sameContent, withEpoch } from './epoch.ts';
import { exampleTopology } from './testing.ts';

describe('the epoch', () => {
  const held = exampleTopology();

  it('stays while the content does', () => {
    expect(sameContent(held, exampleTopology({ epoch: 99 }))).toBe(true);
    expect(withEpoch(exampleTopology({ epoch: 1 }), held, 7).epoch).toBe(7);
  });

  it('grows by one when anything else changes', () => {
    const moved = exampleTopology();
    moved.shards[1]!.endpoints[0]!.ip = '10.244.1.9';
    expect(sameContent(held, moved)).toBe(false);
    expect(withEpoch(moved, held, 7).epoch).toBe(8);
    expect(withEpoch(exampleTopology({ port: 6380 }), held).epoch).toBe(8);
  });

  it('starts at 1, and anew for a resource that was made again', () => {
    expect(withEpoch(held, undefined).epoch).toBe(1);
    expect(withEpoch(exampleTopology({ uid: 'another' }), held).epoch).toBe(1);
  });

  it('never goes back when the last document is lost or was set back by hand', () => {
    expect(withEpoch(held, undefined, 41).epoch).toBe(42);
    expect(withEpoch(held, exampleTopology({ epoch: 3 }), 41).epoch).toBe(42);
  });

  it('decides what is older only within one uid', () => {
    expect(isOlder(exampleTopology({ epoch: 6 }), held)).toBe(true);
    expect(isOlder(exampleTopology({ epoch: 7 }), held)).toBe(false);
    expect(isOlder(exampleTopology({ epoch: 1, uid: 'another' }), held)).toBe(false);
  });
});
