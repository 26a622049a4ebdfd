import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { RawHttpClient } from '@motif/chassis/http/testing/raw-client';
import type { ShardsChild } from './children.ts';
import { Crowd } from './crowd.ts';

/** What an attack has at hand. */
export interface Ground {
  readonly port: number;
  /** The shards of the attack; others carry the load of those who behave. */
  readonly shards: ShardsChild;
  /** A request's head for the attacked shard, with further fields, each with its line's end. */
  head(method: string, fields?: string): string;
  /** Takes the proxy's memory when an attack is at its height. */
  atItsHeight(): Promise<void>;
}

/** A way to misbehave; it returns what was seen, in a few words. */
export interface Attack {
  readonly name: string;
  readonly run: (ground: Ground) => Promise<string>;
}

async function until(condition: () => boolean, forMs: number): Promise<boolean> {
  const end = performance.now() + forMs;
  while (!condition() && performance.now() < end) await pause(5);
  return condition();
}

const lines = ({ lines: seen }: Crowd) =>
  [...seen].map(([line, count]) => `${line.replace('HTTP/1.1 ', '')} ×${count}`).join(', ');

const slowHeads: Attack = {
  name: 'slowloris: 2,000 heads, a byte a second',
  run: async ({ port, atItsHeight }) => {
    const crowd = await Crowd.open(port, 2000);
    crowd.write('GET / HTTP/1.1\r\nx: ');
    const timer = setInterval(() => crowd.write('y'), 1000);
    await pause(6000);
    await atItsHeight();
    await until(() => crowd.open === 0, 20_000);
    clearInterval(timer);
    const { open } = crowd;
    crowd.destroy();
    return `${lines(crowd)}; ${open} still open after 10 s and the end of their lingering`;
  },
};

const slowBodies: Attack = {
  name: 'slowloris: 500 bodies without a byte',
  run: async ({ port, head, atItsHeight }) => {
    const crowd = await Crowd.open(port, 500);
    crowd.write(head('POST', 'content-length: 1000000\r\n'));
    await pause(5000);
    await atItsHeight();
    await until(() => crowd.open === 0, 45_000);
    const { open } = crowd;
    crowd.destroy();
    return `${lines(crowd)}; ${open} still open after 30 s`;
  },
};

const idle: Attack = {
  name: '10,000 idle connections',
  run: async ({ port, head, atItsHeight }) => {
    const crowd = await Crowd.open(port, 10_000);
    // Each is used once: so it holds what a used connection holds.
    for (let at = 0; at < crowd.sockets.length; at += 100) {
      for (const socket of crowd.sockets.slice(at, at + 100)) socket.write(head('GET'));
      await until(() => crowd.answered >= at + 100, 10_000);
    }
    await atItsHeight();
    const { open } = crowd;
    crowd.destroy();
    return `${open} open at once; ${lines(crowd)}`;
  },
};

const headBombs: Attack = {
  name: 'header bombs: 500 heads of 1 MB',
  run: async ({ port, atItsHeight }) => {
    const crowd = await Crowd.open(port, 500);
    const block = Buffer.from(`x-bomb: ${'b'.repeat(8000)}\r\n`.repeat(8));
    crowd.write('GET / HTTP/1.1\r\nhost: x\r\n');
    for (let sent = 0; sent < 16; sent++) {
      crowd.write(block);
      await pause(20);
    }
    await atItsHeight();
    await until(() => crowd.open === 0, 10_000);
    const { open } = crowd;
    crowd.destroy();
    return `${lines(crowd)}; ${open} still open`;
  },
};

const tinyWrites: Attack = {
  name: '100,000 writes of one byte',
  run: async ({ port, head, atItsHeight }) => {
    const clients = await Promise.all(Array.from({ length: 20 }, () => RawHttpClient.connect(port)));
    const request = head('GET');
    const each = Math.ceil(100_000 / clients.length / request.length);
    const answered = await Promise.all(
      clients.map(async (client) => {
        const answers = Array.from({ length: each }, () => client.answer());
        let written = 0;
        for (const byte of request.repeat(each)) {
          client.send(byte);
          if (++written % 50 === 0) await new Promise(setImmediate);
        }
        return (await Promise.all(answers)).filter(({ line }) => line === 'HTTP/1.1 200 OK').length;
      }),
    );
    await atItsHeight();
    for (const client of clients) client.destroy();
    const sum = answered.reduce((total, count) => total + count, 0);
    return `${each * clients.length * request.length} bytes, ${sum} of ${each * clients.length} requests answered`;
  },
};

const halfClosed: Attack = {
  name: '2,000 half-closed clients',
  run: async ({ port, head, atItsHeight }) => {
    const crowd = await Crowd.open(port, 2000);
    for (let at = 0; at < crowd.sockets.length; at += 50) {
      for (const socket of crowd.sockets.slice(at, at + 50)) socket.end(head('GET'));
      await until(() => crowd.answered >= at + 50, 10_000);
    }
    await atItsHeight();
    await until(() => crowd.open === 0, 10_000);
    const { open } = crowd;
    crowd.destroy();
    return `${lines(crowd)}; ${open} still open`;
  },
};

const resets: Attack = {
  name: '3,000 resets: in a head, waiting, in a body',
  run: async ({ port, head, shards, atItsHeight }) => {
    await shards.mode(0, 'stall');
    const openings = ['GET / HTTP/1.1\r\nhos', head('GET'), `${head('POST', 'content-length: 9\r\n')}x`];
    for (let round = 0; round < 30; round++) {
      const crowd = await Crowd.open(port, 100);
      crowd.write(openings[round % openings.length] as string);
      await pause(50);
      if (round === 29) await atItsHeight();
      crowd.reset();
    }
    await shards.mode(0, 'well');
    return 'all reset';
  },
};

const neverRead: Attack = {
  name: '100 clients that never read: 1 MB answers, 20 pipelined',
  run: async ({ port, head, shards, atItsHeight }) => {
    await shards.mode(0, 'large');
    const crowd = await Crowd.open(port, 100, false);
    crowd.write(head('GET').repeat(20));
    await pause(5000);
    await atItsHeight();
    await until(() => crowd.closed === 100, 1000);
    const { open } = crowd;
    const gone = Promise.all(crowd.sockets.map((socket) => socket.destroyed || once(socket, 'close')));
    // A reset shows only to who reads: the proxy has let go of all of them after its 30 s, or this waits in vain.
    await pause(35_000);
    for (const socket of crowd.sockets) socket.resume();
    const left = await Promise.race([gone.then(() => 0), pause(10_000).then(() => crowd.open)]);
    crowd.destroy();
    await shards.mode(0, 'well');
    return `${open} held back at first, ${left} after 30 s without progress`;
  },
};

const aborted: Attack = {
  name: '200 clients that go before their answer',
  run: async ({ port, head, shards, atItsHeight }) => {
    await shards.mode(0, 'stall');
    for (let round = 0; round < 2; round++) {
      const crowd = await Crowd.open(port, 100);
      crowd.write(head('GET'));
      await pause(200);
      if (round === 1) await atItsHeight();
      crowd.destroy();
      await pause(2000);
    }
    await shards.mode(0, 'well');
    await pause(5000);
    const open = (await shards.look())[0]?.open ?? -1;
    return `${open} connections to the shard left`;
  },
};

export const ATTACKS: readonly Attack[] = [
  slowHeads,
  slowBodies,
  idle,
  headBombs,
  tinyWrites,
  halfClosed,
  resets,
  neverRead,
  aborted,
];
