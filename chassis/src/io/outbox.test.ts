import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { Outbox } from './outbox.ts';
import { LARGE_SLAB_BYTES, SLAB_BYTES } from './slabs.ts';
import { Turns } from './testing/turns.ts';
import type { Wire } from './wire.ts';

/** A kernel that takes whole writes while it has room, and keeps the buffer of the first that it does not take. */
class FakeWire {
  readonly written: Buffer[] = [];
  writes = 0;
  room = Number.POSITIVE_INFINITY;
  #pending: Buffer | undefined;

  write(bytes: Buffer): boolean {
    expect(this.#pending).toBeUndefined();
    this.writes++;
    if (this.room > 0) {
      this.room--;
      this.written.push(Buffer.from(bytes));
      return true;
    }
    this.#pending = bytes;
    return false;
  }

  /** Takes what is pending: read only now, so that a buffer that was used again meanwhile is noticed. */
  take(): void {
    this.written.push(Buffer.from(this.#pending as Buffer));
    this.#pending = undefined;
  }

  get text(): string {
    return Buffer.concat(this.written).toString('latin1');
  }
}

function outbox(timing: ConstructorParameters<typeof Turns>[0] = {}): { box: Outbox; wire: FakeWire; turns: Turns } {
  const turns = new Turns(timing);
  const wire = new FakeWire();
  return { box: new Outbox(turns.flusher, wire as unknown as Wire), wire, turns };
}

describe('bytes on their way out', () => {
  it('writes once a turn what was appended in it', () => {
    const { box, wire, turns } = outbox();
    box.text('abc');
    box.append(Buffer.from('0123'), 1, 3);
    box.text('d');
    expect([wire.writes, box.queued]).toEqual([0, 6]);
    turns.end();
    expect([wire.writes, wire.text, box.queued, box.appended]).toEqual([1, 'abc12d', 0, 6]);
  });

  it('writes a head and a body that do not fit a small slab together', () => {
    const { box, wire, turns } = outbox();
    const body = Buffer.alloc(SLAB_BYTES, 'b');
    box.text('head');
    box.append(body, 0, body.length);
    box.text('tail');
    turns.end();
    expect([wire.writes, wire.text === `head${body}tail`]).toEqual([1, true]);
    box.text('x'.repeat(SLAB_BYTES - 1));
    box.append(Buffer.alloc(LARGE_SLAB_BYTES, 'y'), 0, LARGE_SLAB_BYTES);
    turns.end();
    expect([wire.writes, wire.text.length]).toEqual([3, 2 * SLAB_BYTES + 7 + LARGE_SLAB_BYTES]);
  });

  it('waits for what follows soon, unless there is much already or it is told to write', () => {
    const { box, wire, turns } = outbox({ later: () => {}, now: () => 0 });
    let more = true;
    box.patience = { moreSoon: () => more };
    box.text('a');
    turns.end();
    expect(wire.writes).toBe(0);
    box.text('b');
    more = false;
    turns.flusher.flush();
    expect([wire.writes, wire.text]).toEqual([1, 'ab']);
    more = true;
    box.text('c');
    turns.end();
    box.writeNow();
    expect(wire.text).toBe('abc');
    box.text('d'.repeat(5000));
    turns.end();
    expect(wire.text).toBe(`abc${'d'.repeat(5000)}`);
    box.text('e');
    turns.end();
    box.own(Buffer.from('f'.repeat(5000)));
    turns.end();
    expect(wire.text.slice(5003)).toBe(`e${'f'.repeat(5000)}`);
  });

  it('waits while the kernel is full, then goes on in order', () => {
    const { box, wire, turns } = outbox();
    wire.room = 0;
    box.text('a');
    turns.end();
    box.text('b');
    turns.end();
    expect([wire.text, box.queued, wire.writes]).toEqual(['', 2, 1]);
    wire.room = 1;
    wire.take();
    expect(box.drained()).toBe(true);
    expect([wire.text, box.queued]).toEqual(['ab', 0]);
  });

  it('keeps bytes until there is a connection', () => {
    const { box, wire, turns } = outbox();
    box.wire = undefined;
    box.text('a');
    turns.end();
    expect(box.queued).toBe(1);
    box.wire = wire as unknown as Wire;
    box.flush();
    expect(wire.text).toBe('a');
  });

  it('does not copy what it is given to keep', () => {
    const { box, turns } = outbox();
    const seen: Buffer[] = [];
    box.sent = (buffer) => seen.push(buffer);
    const mine = Buffer.from('mine and more');
    box.text('a');
    box.own(mine, 4);
    box.text('b');
    turns.end();
    expect(seen).toHaveLength(3);
    expect(seen[1]).toBe(mine);
  });

  it('tells how many bytes of each buffer were sent, in order', () => {
    const { box, turns, wire } = outbox();
    let text = '';
    box.sent = (buffer, size) => {
      text += buffer.toString('latin1', 0, size);
    };
    box.text('abc');
    box.own(Buffer.from('defg'), 2);
    turns.end();
    expect(text).toBe('abcde');
    expect(wire.text).toBe(text);
  });

  it('forgets everything when it is cleared, what the kernel still reads apart', () => {
    const { box, wire, turns } = outbox();
    wire.room = 0;
    box.text('under way');
    turns.end();
    box.text('waits');
    box.clear();
    for (let i = 0; i < 3; i++) new Outbox(turns.flusher).text('others use slabs again');
    wire.take();
    expect([wire.text, box.queued]).toEqual(['under way', 0]);
    wire.room = 9;
    expect(box.drained()).toBe(true);
    expect(wire.text).toBe('under way');
  });

  test('whatever is appended arrives, in order, whenever the kernel takes it', () => {
    const sizes = fc.constantFrom(
      0,
      1,
      5,
      36,
      37,
      1000,
      SLAB_BYTES - 1,
      SLAB_BYTES,
      SLAB_BYTES + 1,
      LARGE_SLAB_BYTES + 1,
    );
    const step = fc.oneof(
      fc.record({ how: fc.constantFrom('append', 'text', 'own'), size: sizes }),
      fc.constantFrom({ how: 'turn', size: 0 }, { how: 'drain', size: 0 }, { how: 'full', size: 0 }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const { box, wire, turns } = outbox();
        let wanted = '';
        let full = false;
        steps.forEach(({ how, size }, i) => {
          const text = String.fromCharCode(65 + (i % 26)).repeat(size);
          if (how === 'append') box.append(Buffer.from(`#${text}#`), 1, 1 + size);
          else if (how === 'text') box.text(text);
          else if (how === 'own') box.own(Buffer.from(text));
          else if (how === 'turn') turns.end();
          else if (how === 'full') wire.room = 0;
          else full = drain(box, wire);
          wanted += text;
          expect(box.appended).toBe(wanted.length);
        });
        turns.end();
        do full = drain(box, wire);
        while (!full);
        expect(wire.text === wanted).toBe(true);
        expect(box.queued).toBe(0);
      }),
      { numRuns: 80 },
    );
  });
});

function drain(box: Outbox, wire: FakeWire): boolean {
  wire.room = Number.POSITIVE_INFINITY;
  try {
    wire.take();
  } catch {
    // Nothing was under way.
  }
  return box.drained();
}
