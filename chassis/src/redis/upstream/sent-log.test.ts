import { describe, expect, it } from 'vitest';
import { Outbox } from '../../io/outbox.ts';
import { Turns } from '../../io/testing/turns.ts';
import type { Wire } from '../../io/wire.ts';
import { SentLog } from './sent-log.ts';

/** What `copy` gives, or undefined when it refuses. */
function copied(log: SentLog, start: number, end: number): string | undefined {
  const pieces: string[] = [];
  const wire = { write: (bytes: Buffer) => pieces.push(bytes.toString('latin1')) > 0 };
  const box = new Outbox(new Turns().flusher, wire as unknown as Wire);
  const found = log.copy(start, end, box);
  box.flush();
  return found ? pieces.join('') : undefined;
}

const slab = (text: string): Buffer => Buffer.from(`${text}rest`);

describe('what was sent to a shard', () => {
  it('is found again by its position, over the borders of buffers', () => {
    const log = new SentLog();
    log.push(slab('0123'), 4, 0);
    log.push(slab('45'), 2, 0);
    log.push(slab('6789'), 4, 0);
    for (let start = 0; start <= 10; start++)
      for (let end = start; end <= 10; end++) expect(copied(log, start, end)).toBe('0123456789'.slice(start, end));
  });

  it('is not there before it was sent, nor after it was answered', () => {
    const log = new SentLog();
    expect(copied(log, 0, 0)).toBeUndefined();
    log.push(slab('0123'), 4, 0);
    expect(copied(log, 2, 5)).toBeUndefined();
    log.push(slab('4567'), 4, 5);
    expect(copied(log, 3, 6)).toBeUndefined();
    expect(copied(log, 4, 8)).toBe('4567');
  });

  it('keeps a mebibyte at most, however late the answers are', () => {
    const log = new SentLog();
    const piece = Buffer.alloc(100_000, 'x');
    for (let i = 0; i < 30; i++) log.push(piece, piece.length, 0);
    expect(copied(log, 2_000_000, 2_000_001)).toBe('x');
    expect(copied(log, 1_800_000, 1_800_001)).toBeUndefined();
    log.clear();
    expect(copied(log, 2_900_000, 2_900_001)).toBeUndefined();
  });
});
