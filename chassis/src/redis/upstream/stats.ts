/** What is counted for a shard. Filled on the hot path, read by the metrics. */
export interface ShardStats {
  /** A reply arrived. @param group index of the command group @param ms from when it was put on the connection */
  answered(group: number, ms: number, error: boolean): void;
  timedOut(group: number): void;
  connected(): void;
  ejected(): void;
}
