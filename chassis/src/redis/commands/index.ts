/**
 * What the sharding proxy knows about Redis commands. The way of a request: `table.resolve(args)` -> `arityFits` -> by `treatment`;
 * for `forward` and `split` the keys come from `spec.onlyKey` (not 0: that argument, no call needed) or `keyIndexes`, and for
 * `conditional` ones `refusalOf` decides first. Texts of errors are in `spec.error` and `errors.ts`, without `-` and line end.
 */
export { type HashTagBytes, type RefusalOptions, refusalOf } from './conditions.ts';
export { arityFits, CROSSSLOT, unknownCommand, unknownSubcommand, wrongArity } from './errors.ts';
export { keyIndexes } from './keys.ts';
export type { Learned } from './learn.ts';
export type { AdminScope, Arguments, CommandSpec, KeyRule, Merge, Treatment } from './spec.ts';
export { KEYS_INVALID } from './spec.ts';
export { CommandTable } from './table.ts';
