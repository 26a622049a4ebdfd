import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { READ_BYTES, Wire, type WireOwner } from './wire.ts';

let server: Server;
beforeAll(async () => {
  server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => server.close());

/** Remembers what a wire says. */
class Log implements WireOwner {
  bytes: Buffer[] = [];
  largest = 0;
  drains = 0;
  ended = false;
  readonly closed: Promise<Error | undefined>;
  closes = 0;
  #close: (error: Error | undefined) => void = () => {};
  #check: () => void = () => {};

  constructor() {
    this.closed = new Promise((resolve) => {
      this.#close = resolve;
    });
  }

  onData(buffer: Buffer, end: number): void {
    this.bytes.push(Buffer.from(buffer.subarray(0, end)));
    this.largest = Math.max(this.largest, end);
    this.#check();
  }
  onEnd(): void {
    this.ended = true;
    this.#check();
  }
  onDrain(): void {
    this.drains++;
    this.#check();
  }
  onClose(error: Error | undefined): void {
    this.closes++;
    this.#close(error);
  }

  get received(): number {
    return this.bytes.reduce((sum, { length }) => sum + length, 0);
  }

  /** Resolves as soon as `condition` holds after something was said. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#check = () => {
        if (condition()) resolve();
      };
      this.#check();
    });
  }
}

async function pair(raw: boolean): Promise<{ wire: Wire; log: Log; peer: Socket }> {
  const accepted = once(server, 'connection');
  const peer = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
  const [socket] = (await accepted) as [Socket];
  const log = new Log();
  const wire = new Wire(socket, log, raw);
  wire.resume();
  return { wire, log, peer };
}

describe.each([
  ['over handles', true],
  ['over events', false],
])('a wire %s', (_name, raw) => {
  it('hands on what arrives, never more than one read takes', async () => {
    const { wire, log, peer } = await pair(raw);
    const sent = Buffer.alloc(5 * READ_BYTES + 7, 'abcdefg');
    peer.write(sent);
    await log.until(() => log.received === sent.length);
    expect(Buffer.concat(log.bytes).equals(sent)).toBe(true);
    expect(log.largest).toBeLessThanOrEqual(READ_BYTES);
    wire.destroy();
    await log.closed;
  });

  it('reads nothing while it is paused', async () => {
    const { wire, log, peer } = await pair(raw);
    wire.pause();
    peer.write('late');
    const other = await pair(raw);
    other.peer.write('x');
    await other.log.until(() => other.log.received === 1);
    expect(log.received).toBe(0);
    wire.resume();
    await log.until(() => log.received === 4);
    wire.destroy();
    other.wire.destroy();
    await Promise.all([log.closed, other.log.closed]);
  });

  it('owns a buffer that the kernel did not take until it says so, and loses nothing of it', async () => {
    const { wire, log, peer } = await pair(raw);
    const piece = Buffer.alloc(4 * 1024 * 1024, 'z');
    let pieces = 0;
    let taken = true;
    while (taken && pieces < 20) {
      taken = wire.write(piece);
      pieces++;
    }
    expect(taken).toBe(false);
    expect(wire.writing).toBe(true);
    let received = 0;
    peer.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    await log.until(() => log.drains === 1);
    expect(wire.writing).toBe(false);
    wire.end();
    await once(peer, 'end');
    expect(received).toBe(pieces * piece.length);
    peer.end();
    expect(await log.closed).toBeUndefined();
  });

  it('says that the peer ends, and can still answer', async () => {
    const { wire, log, peer } = await pair(raw);
    peer.end('last');
    await log.until(() => log.ended);
    expect(log.received).toBe(4);
    const answer = once(peer, 'data');
    wire.write(Buffer.from('answer'));
    expect(String((await answer)[0])).toBe('answer');
    wire.end();
    await log.closed;
    expect(log.closes).toBe(1);
  });

  it('drops what comes after its own end', async () => {
    const { wire, log, peer } = await pair(raw);
    peer.resume();
    wire.end();
    await once(peer, 'end');
    peer.end('unwanted');
    await log.closed;
    expect(log.received).toBe(0);
  });

  it('says that it writes no more and reads on, until its owner has heard the end', async () => {
    const { wire, log, peer } = await pair(raw);
    peer.resume();
    wire.write(Buffer.from('last'));
    await log.until(() => !wire.writing);
    wire.shut();
    await once(peer, 'end');
    peer.end('still');
    await log.until(() => log.ended);
    expect(log.received).toBe(5);
    wire.end();
    expect(await log.closed).toBeUndefined();
  });

  it('closes when more is to be dropped after its end than was agreed', async () => {
    const { wire, log, peer } = await pair(raw);
    peer.on('error', () => {});
    peer.resume();
    wire.end(100_000);
    await once(peer, 'end');
    peer.write(Buffer.alloc(1_000_000));
    await log.closed;
    expect(log.received).toBe(0);
  });

  it('tells once that it is gone, and why', async () => {
    const { wire, log } = await pair(raw);
    wire.destroy(new Error('enough'));
    wire.destroy();
    expect(await log.closed).toMatchObject({ message: 'enough' });
    expect(wire.closed).toBe(true);
    expect(wire.write(Buffer.from('x'))).toBe(true);
    wire.resume();
    wire.pause();
    wire.end();
    expect(log.closes).toBe(1);
  });

  it('tells of a connection that was reset', async () => {
    const { log, peer } = await pair(raw);
    peer.resetAndDestroy();
    expect(await log.closed).toMatchObject({ code: 'ECONNRESET' });
  });
});

it('reads what came before a reset, although writing has failed', async () => {
  const { wire, log, peer } = await pair(true);
  wire.readsOn = true;
  wire.pause();
  peer.on('error', () => {});
  // What is never read at the other side makes its end a reset.
  peer.pause();
  wire.write(Buffer.from('unread'));
  const sent = new Promise<void>((resolve) => peer.write('answer', () => resolve()));
  await sent;
  peer.destroy();
  await once(peer, 'close');
  for (let i = 0; i < 100 && log.received === 0; i++) {
    wire.write(Buffer.from('more'));
    await new Promise(setImmediate);
  }
  wire.resume();
  // The end comes as such or as an error, by what the kernel has told the writes already.
  await Promise.race([log.closed, log.until(() => log.ended)]);
  wire.destroy();
  expect(Buffer.concat(log.bytes).toString()).toBe('answer');
});
