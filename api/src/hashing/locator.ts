/** Finds the shard of a key. Keys are ranges of bytes, shards are indices into the list that the locator was made from. */
export interface Locator {
  /** How many shards there are. */
  readonly size: number;
  /** The owner of the key `bytes[start, end)`. Allocates nothing. */
  pick(bytes: Uint8Array, start: number, end: number): number;
  /**
   * The owner if those shards did not exist whose entry in `excluded` is not 0 (its length is `size`); −1 when all are
   * excluded. Allocates nothing. No other key moves when a shard is excluded.
   */
  pickExcept(bytes: Uint8Array, start: number, end: number, excluded: Uint8Array): number;
  /** All shards in the order in which they would own the key, the owner first. Allocates the answer. */
  rank(bytes: Uint8Array, start: number, end: number): number[];
}
