import { connect, type Socket } from 'node:net';

/** Many plain connections to one port, without the cost of a client for each: what comes is counted and forgotten. */
export class Crowd {
  readonly sockets: Socket[] = [];
  /** Connections that are gone. */
  closed = 0;
  /** Bytes that came. */
  bytes = 0;
  /** The first line of each first answer, counted. */
  readonly lines = new Map<string, number>();

  /** @param reads false: nothing is ever read */
  static async open(port: number, count: number, reads = true): Promise<Crowd> {
    const crowd = new Crowd();
    // In batches: a listener's backlog is bounded.
    for (let at = 0; at < count; at += 200) {
      const batch = Array.from({ length: Math.min(200, count - at) }, () => crowd.#open(port, reads));
      await Promise.all(batch);
    }
    return crowd;
  }

  /** How many have got the first bytes of an answer. */
  get answered(): number {
    let sum = 0;
    for (const count of this.lines.values()) sum += count;
    return sum;
  }

  get open(): number {
    return this.sockets.length - this.closed;
  }

  /** Writes to all that are open. */
  write(text: string | Buffer): void {
    for (const socket of this.sockets) if (socket.writable) socket.write(text);
  }

  reset(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  destroy(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  #open(port: number, reads: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
      let first = true;
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        socket.on('error', () => {});
        if (!reads) socket.pause();
        resolve();
      });
      if (reads) {
        socket.on('data', (bytes: Buffer) => {
          this.bytes += bytes.length;
          if (!first) return;
          first = false;
          const line = bytes.toString('latin1', 0, bytes.indexOf('\r\n'));
          this.lines.set(line, (this.lines.get(line) ?? 0) + 1);
        });
      }
      socket.on('end', () => socket.end());
      socket.once('close', () => {
        this.closed++;
      });
      this.sockets.push(socket);
    });
  }
}
