import { describe, expect, test } from 'vitest';
import { planDeletions } from './deletion.ts';

const surplus = (explained: boolean, ...items: string[]) => items.map((item) => ({ item, explained }));
const input = { generation: 7, confirmed: undefined, waiting: false };

describe('planDeletions', () => {
  test('deletes all that a change of the resource explains', () => {
    const plan = planDeletions({ ...input, surplus: surplus(true, 'cart-4', 'cart-3') });
    expect(plan).toEqual({ now: ['cart-4', 'cart-3'], later: [] });
  });

  test('deletes one of what nobody explains, and the rest waits', () => {
    const plan = planDeletions({ ...input, surplus: surplus(false, 'cart-4', 'cart-3', 'cart-2') });
    expect(plan).toEqual({ now: ['cart-4'], later: ['cart-3', 'cart-2'] });
  });

  test('deletes not another one once it waits', () => {
    const plan = planDeletions({ ...input, waiting: true, surplus: surplus(false, 'cart-3', 'cart-2') });
    expect(plan).toEqual({ now: [], later: ['cart-3', 'cart-2'] });
  });

  test('deletes the rest when a person confirms this generation, and only this', () => {
    const waiting = { ...input, waiting: true, surplus: surplus(false, 'cart-3', 'cart-2') };
    expect(planDeletions({ ...waiting, confirmed: '6' }).now).toEqual([]);
    expect(planDeletions({ ...waiting, confirmed: '7' })).toEqual({ now: ['cart-3', 'cart-2'], later: [] });
  });

  test('keeps the order, explained or not', () => {
    const mixed = [...surplus(true, 'cart-4'), ...surplus(false, 'cart-3', 'cart-2')];
    expect(planDeletions({ ...input, surplus: mixed })).toEqual({ now: ['cart-4', 'cart-3'], later: ['cart-2'] });
  });
});
