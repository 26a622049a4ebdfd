import { connect, type Socket } from 'node:net';
import { errorMessage } from '@motif/kit';

/** Where a shard listens. */
export interface Address {
  /** Tried first, for half of the time; a hint that may be stale. */
  readonly ip: string | undefined;
  /** A name, resolved anew at each dial. */
  readonly host: string;
  readonly port: number;
}

/** A dial under way. */
export interface Dial {
  cancel(): void;
}

/** Opens a socket; a parameter so that tests need no network. */
export type Opener = (host: string, port: number) => Socket;

export const openSocket: Opener = (host, port) => {
  const socket = connect({
    host,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
    allowHalfOpen: true,
  });
  // Reads begin when a wire asks for them.
  socket.pause();
  return socket;
};

/**
 * Connects to the ip, then to the host: at once when the ip refuses, else after half of `timeoutMs`. Calls `done` once, with
 * the socket or with the reasons; the caller ends a dial that takes too long with `cancel`.
 */
export function dial(
  address: Address,
  open: Opener,
  halfTime: (run: () => void) => { cancel(): void },
  done: (socket: Socket | undefined, reason: string) => void,
): Dial {
  const hosts = address.ip === undefined || address.ip === address.host ? [address.host] : [address.ip, address.host];
  const reasons: string[] = [];
  let current: Socket | undefined;
  let timer: { cancel(): void } | undefined;
  let over = false;
  const finish = (socket: Socket | undefined): void => {
    over = true;
    timer?.cancel();
    done(socket, reasons.join(', then '));
  };
  const attempt = (index: number): void => {
    timer?.cancel();
    const host = hosts[index];
    if (host === undefined) {
      finish(undefined);
      return;
    }
    const socket = open(host, address.port);
    current = socket;
    const next = (reason: string): void => {
      if (over || current !== socket) return;
      reasons.push(`${host}: ${reason}`);
      socket.destroy();
      attempt(index + 1);
    };
    socket.once('error', (error) => next(errorMessage(error)));
    // A socket that lost the race may still fail; nobody listens then.
    socket.on('error', () => {});
    socket.once('connect', () => {
      if (!over && current === socket) finish(socket);
      else socket.destroy();
    });
    if (index + 1 < hosts.length) timer = halfTime(() => next('no answer'));
  };
  attempt(0);
  return {
    cancel: () => {
      if (over) return;
      over = true;
      timer?.cancel();
      current?.destroy();
    },
  };
}
