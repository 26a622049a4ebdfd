import { describe, expect, it } from 'vitest';
import { parseVerifyArguments } from './proofs.ts';

describe('the arguments of verify', () => {
  it('takes a proof by its name and its own time', () => {
    expect(parseVerifyArguments(['fuzz-resp'])).toMatchObject({ proof: { name: 'fuzz-resp' }, seconds: 300 });
    expect(parseVerifyArguments(['chaos', '--seconds', '30']).seconds).toBe(30);
  });

  it.each([
    [[], 'no proof is called ""'],
    [['soup'], 'no proof is called "soup"'],
    [['chaos', '--seconds', 'ten'], '--seconds is "ten"; allowed: whole seconds from 1 to 86400'],
    [['chaos', '--seconds'], '--seconds is ""'],
    [['chaos', '--second', '3'], '"--second" is not understood'],
  ])('refuses %j', (args, message) => {
    expect(() => parseVerifyArguments(args)).toThrow(message);
  });
});
