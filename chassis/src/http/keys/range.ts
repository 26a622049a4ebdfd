const NOTHING = Buffer.alloc(0);

/** Some bytes of a request: where a finder puts what it found. One object is used for request after request. */
export class ByteRange {
  buffer: Buffer = NOTHING;
  start = 0;
  end = 0;

  set(buffer: Buffer, start: number, end: number): void {
    this.buffer = buffer;
    this.start = start;
    this.end = end;
  }

  /** Latin1: a character a byte. */
  text(): string {
    return this.buffer.toString('latin1', this.start, this.end);
  }
}
