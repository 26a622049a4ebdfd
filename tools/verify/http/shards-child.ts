/** A process with shards on loopback ports, which do what its parent says: `node shards-child.ts COUNT`. */
import { setTimeout as pause } from 'node:timers/promises';
import type { PlainMessage } from '@motif/chassis/http/testing/plain-reader';
import { type BackendConnection, ok, ScriptedBackend } from '@motif/chassis/http/testing/scripted-backend';
import type { FromShards, Mode, ToShards } from './messages.ts';

const LARGE = 'x'.repeat(1024 * 1024);

/** An answer's bytes, one write each. */
async function crumble(text: string, connection: BackendConnection, everyMs: number): Promise<void> {
  for (const byte of text) {
    if (connection.socket.destroyed) return;
    connection.say(byte);
    await pause(everyMs);
  }
}

const answers: Readonly<Record<Mode, (request: PlainMessage, connection: BackendConnection) => void>> = {
  well: ({ line, body }, connection) => connection.say(ok(`${line}|${body.length}|${'x'.repeat(60)}`)),
  garbage: (_request, connection) => connection.say('SSH-2.0-OpenSSH_9.2p1\r\n\r\n'),
  crumbs: (_request, connection) => void crumble(ok('x'.repeat(100)), connection, 20),
  'slow-body': (_request, connection) => {
    connection.say('HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n');
    void crumble('x'.repeat(50), connection, 20);
  },
  cut: (_request, { socket }) => void socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n${'x'.repeat(50)}`),
  stall: () => {},
  large: (_request, connection) => connection.say(ok(LARGE)),
};

interface Shard {
  readonly port: number;
  backend: ScriptedBackend | undefined;
  mode: Mode;
  requests: number;
}

function tell(message: FromShards): void {
  process.send?.(message);
}

async function open(shard: Shard): Promise<void> {
  shard.backend = await ScriptedBackend.start((request, connection) => {
    shard.requests++;
    // What is kept of each request would be a leak in a process that serves for minutes.
    shard.backend?.received.splice(0);
    answers[shard.mode](request, connection);
  }, shard.port);
}

const shards: Shard[] = [];
for (let i = 0; i < Number(process.argv[2]); i++) {
  const shard: Shard = { port: 0, backend: undefined, mode: 'well', requests: 0 };
  await open(shard);
  shards.push(Object.assign(shard, { port: shard.backend?.port }));
}

process.on('disconnect', () => process.exit());
process.on('message', async (message: ToShards) => {
  if ('look' in message) {
    const figures = shards.map(({ port, requests, backend }) => ({ port, requests, open: backend?.open.size ?? 0 }));
    tell({ shards: figures });
    return;
  }
  const shard = shards[message.shard] as Shard;
  if ('mode' in message) shard.mode = message.mode;
  else if (!message.open) {
    await shard.backend?.stop();
    shard.backend = undefined;
  } else if (shard.backend === undefined) await open(shard);
  tell({ done: true });
});
tell({ ports: shards.map(({ port }) => port) });
