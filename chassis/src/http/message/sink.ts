/** Where a head is written: what `Outbox` is, as far as this folder needs it. */
export interface HeadSink {
  /** Copies `source[start, end)`. */
  append(source: Buffer, start: number, end: number): void;
  /** Latin1 text. */
  text(text: string): void;
}
