import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../object.ts';
import {
  type Failure,
  firstStep,
  MACHINE_DEFAULTS,
  type Step,
  step,
  type WatchEffect,
  type WatchInput,
} from './machine.ts';

function thing(name: string, version = '1'): KubeObject {
  return { apiVersion: 'v1', kind: 'Thing', metadata: { name, resourceVersion: version, uid: name } };
}

const things = (count: number) => Array.from({ length: count }, (_, i) => thing(`t${i}`));

function page(items: KubeObject[], more: { known?: number; now?: number; more?: string; version?: string } = {}) {
  return { kind: 'page', items, version: '100', more: undefined, known: 0, now: 0, ...more } as const;
}

const failed = (kind: Failure['kind'], more: Partial<Failure> = {}): Failure => ({ kind, message: kind, ...more });

/** Runs the inputs one after the other; returns the last step and all effects. */
function run(...inputs: WatchInput[]): Step & { all: WatchEffect[] } {
  const all: WatchEffect[] = [];
  let last = firstStep();
  for (const input of inputs) {
    last = step(last.state, input, MACHINE_DEFAULTS);
    all.push(...last.effects);
  }
  return { ...last, all };
}

const opened: WatchInput[] = [page(things(2)), { kind: 'opened', at: 1000 }];

describe('listing', () => {
  test('should put pages together and swap them in once, then watch from the last version', () => {
    const first = run(page(things(1), { more: 'token' }));
    expect(first.next).toEqual({ kind: 'list', more: 'token', whole: false });
    const second = run(page([thing('a')], { more: 'token' }), page([thing('b')], { version: '7' }));
    expect(second.all).toEqual([{ kind: 'swap', items: [thing('a'), thing('b')], version: '7' }]);
    expect(second.next).toEqual({ kind: 'open', version: '7' });
  });

  test('should start over when a token expires, and ask for all in one piece after the second time', () => {
    const gone: WatchInput = { kind: 'listFailed', failure: failed('gone'), known: 0, now: 0 };
    const once = run(page(things(1), { more: 'token' }), gone);
    expect(once.state.kind).toBe('empty');
    expect(once.all).toEqual([]);
    const twice = run(page(things(1), { more: 'token' }), gone, { kind: 'timer' }, gone, { kind: 'timer' });
    expect(twice.next).toEqual({ kind: 'list', more: undefined, whole: true });
  });

  test('should pause longer with each failure in a row, and at least as long as the server asked', () => {
    const fail = (retryAfterMs?: number): WatchInput => ({
      kind: 'listFailed',
      failure: failed('other', { retryAfterMs }),
      known: 0,
      now: 0,
    });
    expect(run(fail()).next).toEqual({ kind: 'pause', attempt: 0, atLeastMs: 0 });
    expect(run(fail(), { kind: 'timer' }, fail(7000)).next).toEqual({ kind: 'pause', attempt: 1, atLeastMs: 7000 });
  });
});

describe('watching', () => {
  test('should apply and remove, and go on from the version of the last event or bookmark', () => {
    const seen = run(
      ...opened,
      { kind: 'changed', object: thing('a', '101') },
      { kind: 'deleted', object: thing('b', '102') },
      { kind: 'bookmark', version: '150' },
      { kind: 'ended', at: 30_000 },
    );
    expect(seen.all.slice(1).map((effect) => effect.kind)).toEqual(['apply', 'remove']);
    expect(seen.next).toEqual({ kind: 'open', version: '150' });
  });

  test.each(['other', 'silent'] as const)('should go on from the same version when the stream is %s', (kind) => {
    const broken = run(
      ...opened,
      { kind: 'bookmark', version: '140' },
      {
        kind: 'watchFailed',
        failure: failed(kind),
        at: 2000,
      },
    );
    expect(broken.next).toEqual({ kind: 'pause', attempt: 0, atLeastMs: 0 });
    expect(step(broken.state, { kind: 'timer' }, MACHINE_DEFAULTS).next).toEqual({ kind: 'open', version: '140' });
  });

  test('should list again after 410, and keep the store until that list is complete', () => {
    const gone = run(...opened, { kind: 'watchFailed', failure: failed('gone'), at: 2000 });
    expect(gone.state.kind).toBe('empty');
    expect(gone.effects).toEqual([]);
  });

  test('should list to get past a spot that made no sense three times, and only then', () => {
    const nonsense: WatchInput[] = [
      { kind: 'watchFailed', failure: failed('protocol'), at: 1000 },
      { kind: 'timer' },
      { kind: 'opened', at: 1000 },
    ];
    expect(run(...opened, ...nonsense, ...nonsense).state.kind).toBe('watching');
    expect(run(...opened, ...nonsense, ...nonsense, ...nonsense.slice(0, 1)).state.kind).toBe('empty');
  });

  test('should count a watch that the server ends at once as a failure, and one that lived as health', () => {
    const cut: WatchInput[] = [{ kind: 'ended', at: 1001 }, { kind: 'timer' }, { kind: 'opened', at: 1000 }];
    expect(run(...opened, ...cut, ...cut, { kind: 'ended', at: 1001 }).next).toMatchObject({ attempt: 2 });
    expect(run(...opened, ...cut, ...cut, { kind: 'ended', at: 9000 }).next).toEqual({ kind: 'open', version: '100' });
    const broken: WatchInput = { kind: 'watchFailed', failure: failed('other'), at: 9000 };
    expect(run(...opened, ...cut, ...cut, broken).next).toMatchObject({ kind: 'pause', attempt: 0 });
  });
});

describe('doubt', () => {
  const relist = (items: KubeObject[], now: number): WatchInput[] => [
    { kind: 'timer' },
    page(items, { known: 10, now }),
  ];
  const lost: WatchInput[] = [...opened, { kind: 'watchFailed', failure: failed('gone'), at: 2000 }];

  test.each([
    [0, 'Empty'],
    [4, 'Shrunk'],
  ])('should keep the last good state when %i of 10 come back', (count, reason) => {
    const seen = run(...lost, ...relist(things(count), 5000));
    expect(seen.effects).toEqual([{ kind: 'doubt', suspicion: { reason, before: 10, after: count, since: 5000 } }]);
    expect(seen.next).toEqual({ kind: 'pauseFor', ms: 15_000 });
  });

  test('should believe half', () => {
    expect(run(...lost, ...relist(things(5), 5000)).effects).toMatchObject([{ kind: 'swap' }]);
  });

  test('should believe an empty list only after a minute of nothing else', () => {
    const doubting = [...lost, ...relist([], 5000), ...relist([], 20_000), ...relist([], 64_999)];
    expect(run(...doubting).state.kind).toBe('doubting');
    expect(run(...doubting, ...relist([], 65_000)).effects).toMatchObject([
      { kind: 'trust' },
      { kind: 'swap', items: [] },
    ]);
  });

  test('should start the minute again when the server failed in between', () => {
    const between: WatchInput[] = [
      { kind: 'timer' },
      { kind: 'listFailed', failure: failed('other'), known: 10, now: 60_000 },
    ];
    expect(run(...lost, ...relist([], 5000), ...between, ...relist([], 66_000)).state.kind).toBe('doubting');
  });

  test('should never believe a 404 of the collection, and trust the full list that follows', () => {
    const missing = (now: number): WatchInput[] => [
      { kind: 'timer' },
      { kind: 'listFailed', failure: failed('notFound'), known: 10, now },
    ];
    const seen = run(...lost, ...missing(0), ...missing(100_000), ...missing(900_000));
    expect(seen.state).toMatchObject({ kind: 'doubting', doubt: { reason: 'NotFound' } });
    expect(run(...lost, ...missing(0), ...relist(things(10), 900_000)).effects).toMatchObject([
      { kind: 'trust' },
      { kind: 'swap' },
    ]);
  });
});

test('property: whatever happens there is one next thing to do, pauses grow until health, and nothing but a whole list swaps', () => {
  const failure = fc.constantFrom<Failure['kind']>('gone', 'notFound', 'protocol', 'silent', 'other');
  const choice = fc.record({ pick: fc.nat(5), failure, count: fc.nat(6), lived: fc.constantFrom(10, 20_000) });
  fc.assert(
    fc.property(fc.array(choice, { maxLength: 60 }), (choices) => {
      let now = 0;
      let known = 0;
      let last = firstStep();
      for (const { pick, failure: kind, count, lived } of choices) {
        now += lived;
        const since = last.state.kind === 'watching' ? last.state.since : now;
        const healthy = now - since >= MACHINE_DEFAULTS.healthyMs;
        const input = inputFor(last, pick, kind, count, now, known);
        const before = last;
        last = step(last.state, input, MACHINE_DEFAULTS);
        for (const effect of last.effects) {
          if (effect.kind !== 'swap') continue;
          expect(input.kind).toBe('page');
          known = effect.items.length;
        }
        if (last.next.kind === 'pause') {
          expect(last.next.attempt).toBe(healthy ? 0 : before.state.failures);
        }
        const endedEarly = input.kind === 'ended' && !healthy;
        if (input.kind === 'watchFailed' || input.kind === 'listFailed' || endedEarly) {
          expect(['pause', 'pauseFor']).toContain(last.next.kind);
        }
      }
    }),
  );
});

function inputFor(
  last: Step,
  pick: number,
  kind: Failure['kind'],
  count: number,
  now: number,
  known: number,
): WatchInput {
  switch (last.next.kind) {
    case 'pause':
    case 'pauseFor':
      return { kind: 'timer' };
    case 'list':
      if (pick === 0) return { kind: 'listFailed', failure: failed(kind), known, now };
      return page(things(count), { known, now, ...(pick === 1 ? { more: 'token' } : {}) });
    case 'open':
      return pick === 0 ? { kind: 'watchFailed', failure: failed(kind), at: now } : { kind: 'opened', at: now };
    case 'read':
      if (pick === 0) return { kind: 'ended', at: now };
      if (pick === 1) return { kind: 'watchFailed', failure: failed(kind), at: now };
      if (pick === 2) return { kind: 'bookmark', version: `${now}` };
      return { kind: pick === 3 ? 'deleted' : 'changed', object: thing(`t${count}`, `${now}`) };
  }
}
