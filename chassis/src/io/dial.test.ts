import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Address, type Dial, dial } from './dial.ts';

class FakeSocket extends EventEmitter {
  readonly host: string;
  destroyed = false;

  constructor(host: string) {
    super();
    this.host = host;
  }
  destroy(): void {
    this.destroyed = true;
  }
}

const address: Address = { ip: '10.0.0.1', host: 'cart-0.shards', port: 6379 };
let sockets: FakeSocket[];
let timers: { run: () => void; cancelled: boolean }[];
let answers: { socket: unknown; reason: string }[];

function begin(to: Address = address): Dial {
  const open = (host: string, port: number): Socket => {
    expect(port).toBe(to.port);
    const socket = new FakeSocket(host);
    sockets.push(socket);
    return socket as unknown as Socket;
  };
  const half = (run: () => void) => {
    const timer = { run, cancelled: false };
    timers.push(timer);
    return {
      cancel: () => {
        timer.cancelled = true;
      },
    };
  };
  return dial(to, open, half, (socket, reason) => answers.push({ socket, reason }));
}

beforeEach(() => {
  sockets = [];
  timers = [];
  answers = [];
});

describe('the way to a shard', () => {
  it('is its ip', () => {
    begin();
    expect(sockets.map(({ host }) => host)).toEqual(['10.0.0.1']);
    sockets[0]?.emit('connect');
    expect(answers).toEqual([{ socket: sockets[0], reason: '' }]);
    expect(timers[0]?.cancelled).toBe(true);
  });

  it('is its name at once when the ip refuses', () => {
    begin();
    sockets[0]?.emit('error', new Error('ECONNREFUSED'));
    expect(sockets.map(({ host, destroyed }) => [host, destroyed])).toEqual([
      ['10.0.0.1', true],
      ['cart-0.shards', false],
    ]);
    sockets[1]?.emit('connect');
    expect(answers).toHaveLength(1);
    expect(answers[0]?.socket).toBe(sockets[1]);
  });

  it('is its name after half of the time when the ip does not answer; who comes late is closed', () => {
    begin();
    timers[0]?.run();
    expect(sockets).toHaveLength(2);
    sockets[0]?.emit('connect');
    sockets[0]?.emit('error', new Error('late'));
    expect([answers.length, sockets[0]?.destroyed]).toEqual([0, true]);
    sockets[1]?.emit('connect');
    expect(answers).toHaveLength(1);
  });

  it('is nowhere: the reasons are told, once', () => {
    begin();
    timers[0]?.run();
    sockets[1]?.emit('error', new Error('ENOTFOUND'));
    sockets[1]?.emit('error', new Error('again'));
    expect(answers).toEqual([{ socket: undefined, reason: '10.0.0.1: no answer, then cart-0.shards: ENOTFOUND' }]);
  });

  it.each([
    ['without an ip', undefined],
    ['when the ip is the host', 'cart-0.shards'],
  ])('is dialled once %s', (_name, ip) => {
    begin({ ...address, ip });
    expect([sockets.length, timers.length]).toEqual([1, 0]);
    sockets[0]?.emit('error', new Error('EHOSTUNREACH'));
    expect(answers).toEqual([{ socket: undefined, reason: 'cart-0.shards: EHOSTUNREACH' }]);
  });

  it('is given up by cancelling: nobody is told and nothing stays open', () => {
    const dialling = begin();
    dialling.cancel();
    sockets[0]?.emit('connect');
    sockets[0]?.emit('error', new Error('closed'));
    expect([answers.length, sockets.length, sockets[0]?.destroyed, timers[0]?.cancelled]).toEqual([0, 1, true, true]);
  });
});
