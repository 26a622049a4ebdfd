import { FakeClock } from '@motif/kit/testing';
import { describe, expect, it } from 'vitest';
import { CHUNK_BYTES, LineWriter } from './line-writer.ts';

function writing() {
  const clock = new FakeClock();
  const chunks: string[] = [];
  const waiting: (() => void)[] = [];
  let dropped = 0;
  const writer = new LineWriter({
    write: (chunk, done) => {
      chunks.push(chunk.toString());
      waiting.push(done);
    },
    clock,
    dropped: () => dropped++,
  });
  /** The reader has taken what was written, again and again until nothing more comes. */
  const read = (): void => {
    while (waiting.length > 0) waiting.shift()?.();
  };
  return { clock, writer, chunks, read, dropped: () => dropped };
}

describe('lines', () => {
  it('are written together, a tenth of a second after the first', () => {
    const { clock, writer, chunks } = writing();
    writer.line('one');
    clock.advance(60);
    writer.line('two');
    clock.advance(39);
    expect(chunks).toEqual([]);
    clock.advance(1);
    expect(chunks).toEqual(['one\ntwo\n']);
  });

  it('are written in whole ones of at most what a pipe takes in one piece, one write at a time', () => {
    const { clock, writer, chunks, read } = writing();
    const lines = Array.from({ length: 100 }, (_, i) => `${i}:${'x'.repeat(200 + i)}`);
    for (const line of lines) writer.line(line);
    clock.advance(100);
    expect(chunks).toHaveLength(1);
    read();
    expect(chunks.join('')).toBe(`${lines.join('\n')}\n`);
    for (const chunk of chunks) {
      expect(chunk.length).toBeLessThanOrEqual(CHUNK_BYTES);
      expect(chunk.endsWith('\n')).toBe(true);
    }
  });

  it('are dropped, and counted, while the reader is too slow', () => {
    const { clock, writer, chunks, read, dropped } = writing();
    const line = 'y'.repeat(CHUNK_BYTES - 1);
    for (let i = 0; i < 400; i++) writer.line(line);
    expect(dropped()).toBeGreaterThan(100);
    const lost = dropped();
    clock.advance(100);
    read();
    expect(chunks.length + lost).toBe(400);
    writer.line('again');
    clock.advance(100);
    read();
    expect(chunks.at(-1)).toBe('again\n');
    expect(dropped()).toBe(lost);
  });

  it('that fit into no piece are dropped', () => {
    const { writer, dropped } = writing();
    writer.line('z'.repeat(CHUNK_BYTES));
    expect(dropped()).toBe(1);
  });

  it('are all out when the writer has closed', async () => {
    const { clock, writer, chunks, read } = writing();
    writer.line('last');
    let closed = false;
    const closing = writer.close().then(() => {
      closed = true;
    });
    await Promise.resolve();
    expect([chunks, closed]).toEqual([['last\n'], false]);
    read();
    await closing;
    expect(clock.pending).toBe(0);
  });
});
