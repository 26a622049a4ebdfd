import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { LARGE_REPLY_BYTES, ReplyReader, type ReplyTarget } from './reply-reader.ts';

const bulk = (size: number, fill = 'x'): string => `$${size}\r\n${fill.repeat(size)}\r\n`;

/** Remembers what it is told; the bytes are read at once, since the buffer is used again. */
class Target implements ReplyTarget {
  state = 'ready';
  readonly frames: string[] = [];
  readonly pieces: string[] = [];
  /** Large replies, put together. */
  readonly large: string[] = [];
  begun = 0;
  onLargeBegins: () => void = () => {};
  onEach: () => void = () => {};

  onFrame(buffer: Buffer, start: number, end: number): void {
    this.frames.push(buffer.toString('latin1', start, end));
    this.onEach();
  }
  onLarge(): void {
    this.begun++;
    this.onLargeBegins();
  }
  onPiece(buffer: Buffer, start: number, end: number): void {
    this.pieces.push(buffer.toString('latin1', start, end));
  }
  onLastPiece(buffer: Buffer, start: number, end: number): void {
    this.onPiece(buffer, start, end);
    this.large.push(this.pieces.splice(0).join(''));
  }
}

/** Feeds `text` in reads that end at `cuts`; each read uses the same buffer again. */
function read(reader: ReplyReader, text: string, cuts: readonly number[]): void {
  const shared = Buffer.alloc(text.length);
  const ends = [...cuts.map((cut) => cut % (text.length + 1)), text.length].sort((a, b) => a - b);
  let from = 0;
  for (const end of ends) {
    const size = shared.write(text.slice(from, end), 'latin1');
    from = end;
    reader.read(shared, size);
    shared.fill('!');
  }
}

describe('the replies of a shard', () => {
  test('however they arrive, are handed on whole, in order', () => {
    const reply = fc.oneof(
      fc.constantFrom('+OK\r\n', ':1\r\n', '*2\r\n+a\r\n$-1\r\n', '-ERR\r\n'),
      fc.nat(300).map((size) => bulk(size)),
    );
    fc.assert(
      fc.property(fc.array(reply, { maxLength: 8 }), fc.array(fc.nat(3000), { maxLength: 8 }), (replies, cuts) => {
        const target = new Target();
        read(new ReplyReader(target), replies.join(''), cuts);
        expect(target.frames).toEqual(replies);
      }),
      { numRuns: 100 },
    );
  });

  test('of one read are not copied', () => {
    const target = new Target();
    const seen: Buffer[] = [];
    target.onFrame = (buffer) => seen.push(buffer);
    const buffer = Buffer.from('+a\r\n+b\r\n');
    new ReplyReader(target).read(buffer, buffer.length);
    expect(seen).toEqual([buffer, buffer]);
    expect(seen.every((one) => one === buffer)).toBe(true);
  });

  it('passes a large one on in pieces once it is released, and small ones before and behind it whole', () => {
    const target = new Target();
    const reader = new ReplyReader(target);
    target.onLargeBegins = () => reader.release();
    const large = bulk(LARGE_REPLY_BYTES + 1, 'y');
    read(reader, `+before\r\n${large}+behind\r\n`, [5, 30, 100_000, 700_000]);
    expect(target.begun).toBe(1);
    expect(target.large.length).toBe(1);
    expect(target.large[0] === large).toBe(true);
    expect(target.frames).toEqual(['+before\r\n', '+behind\r\n']);
    expect(reader.large).toBe(false);
  });

  it('keeps the beginning of a large one until it is released', () => {
    const target = new Target();
    const reader = new ReplyReader(target);
    const head = Buffer.from('$9999999\r\nabc');
    reader.read(head, head.length);
    expect([target.begun, target.pieces, reader.large]).toEqual([1, [], true]);
    reader.release();
    expect(target.pieces).toEqual(['$9999999\r\nabc']);
    reader.release();
    expect(target.pieces).toHaveLength(1);
  });

  it('notices that many small elements make a large one', () => {
    const target = new Target();
    const reader = new ReplyReader(target);
    target.onLargeBegins = () => reader.release();
    const reply = `*30\r\n${bulk(50_000).repeat(30)}`;
    read(
      reader,
      reply,
      Array.from({ length: 25 }, (_, i) => i * 60_000),
    );
    expect(target.begun).toBe(1);
    expect(target.large[0] === reply).toBe(true);
    expect(target.frames).toEqual([]);
  });

  it('stops where its target closes', () => {
    const target = new Target();
    target.onEach = () => {
      target.state = 'closed';
    };
    const buffer = Buffer.from('+a\r\n+b\r\nrubbish');
    new ReplyReader(target).read(buffer, buffer.length);
    expect(target.frames).toEqual(['+a\r\n']);
  });
});
