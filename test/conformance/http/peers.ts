import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpTopology } from '@motif/api';
import { localHttpTopology } from '@motif/api/topology/testing';
import { HttpServer } from '@motif/chassis/http/server';
import { ScriptedBackend } from '@motif/chassis/http/testing/scripted-backend';
import { Registry, seededRandom, silentLogger, systemClock } from '@motif/kit';

/** Somebody that understands requests: a server that records them, or a proxy before one. */
export interface Peer {
  readonly name: 'ours' | 'nginx' | 'node';
  connect(): Socket;
  /** What was understood, oldest first: `POST /x "body"`. */
  readonly seen: string[];
  /** A proxy's backend sends these bytes and closes; undefined: an answer of 200. */
  answer: string | undefined;
  close(): Promise<void>;
}

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** `node:http` itself, strict as it is by default. */
export async function startNode(): Promise<Peer> {
  const seen: string[] = [];
  const server = createHttpServer({ keepAliveTimeout: 60_000 }, (incoming, response) => {
    const pieces: Buffer[] = [];
    incoming.on('data', (piece: Buffer) => pieces.push(piece));
    incoming.on('end', () => {
      seen.push(described(incoming.method ?? '', incoming.url ?? '', Buffer.concat(pieces).toString('latin1')));
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    name: 'node',
    connect: () => connect(port, '127.0.0.1'),
    seen,
    answer: undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Our proxy before a backend that records. */
export async function startOurs(): Promise<Peer> {
  const recorder = await record();
  const server = new HttpServer({
    listen: { host: '127.0.0.1', port: 0 },
    registry: new Registry(),
    logger: silentLogger(),
    clock: systemClock,
    random: seededRandom(1),
  });
  const sharding: HttpTopology['sharding'] = { algorithm: 'rendezvous', hash: 'rendezvous/v1', key: ['path'] };
  const failure = {
    onDeadShard: 'Fail',
    ejectAfter: 1000,
    retryAfter: '1s',
    timeout: '5s',
    onReturn: 'Serve',
  } as const;
  await server.apply(localHttpTopology([recorder.backend.port], { sharding, failure }));
  const { port } = server.address() as AddressInfo;
  return recorder.peer(
    'ours',
    () => connect(port, '127.0.0.1'),
    async () => {
      server.close();
    },
  );
}

/** Debian's nginx as a proxy before a backend that records. It listens on a unix socket, so that no port can be taken. */
export async function startNginx(): Promise<Peer> {
  const recorder = await record();
  const folder = mkdtempSync(join(tmpdir(), 'motif-nginx-'));
  const socket = join(folder, 'socket');
  writeFileSync(join(folder, 'nginx.conf'), nginxConfiguration(folder, socket, recorder.backend.port));
  const child = spawn('/usr/sbin/nginx', ['-e', 'stderr', '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
  await listening(child, socket);
  return recorder.peer(
    'nginx',
    () => connect(socket),
    async () => {
      const over = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await over;
      rmSync(folder, { recursive: true, force: true });
    },
  );
}

function nginxConfiguration(folder: string, socket: string, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off; worker_processes 1; pid ${folder}/pid; events {}
http {
  access_log off; ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
  server {
    listen unix:${socket};
    location / {
      proxy_pass http://127.0.0.1:${port};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_ignore_client_abort on;
    }
  }
}
`;
}

async function listening(child: ChildProcess, path: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}`);
    const there = await new Promise<boolean>((resolve) => {
      const probe = request({ socketPath: path, path: '/probe' }, (response) =>
        resolve(response.resume() !== undefined),
      );
      probe.on('error', () => resolve(false));
      probe.end();
    });
    if (there) return;
    if (tries === 200) throw new Error('nginx does not listen');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

interface Recorder {
  readonly backend: ScriptedBackend;
  peer(name: Peer['name'], connect: () => Socket, close: () => Promise<void>): Peer;
}

async function record(): Promise<Recorder> {
  const seen: string[] = [];
  const state: { answer: string | undefined } = { answer: undefined };
  const backend = await ScriptedBackend.start(({ line, body }, connection) => {
    const [method = '', target = ''] = line.split(' ');
    if (target !== '/probe') seen.push(described(method, target, body));
    if (state.answer === undefined || target === SENTINEL) connection.say(OK);
    else {
      connection.say(state.answer);
      connection.socket.end();
    }
  });
  return {
    backend,
    peer: (name, connect, close) => ({
      name,
      connect,
      seen,
      get answer() {
        return state.answer;
      },
      set answer(bytes) {
        state.answer = bytes;
      },
      close: async () => {
        await close();
        await backend.stop();
      },
    }),
  };
}

/** The path of the request that is sent behind each case: who understood the case answers it and closes. */
export const SENTINEL = '/sentinel';

function described(method: string, target: string, body: string): string {
  return `${method} ${target}${body === '' ? '' : ` ${JSON.stringify(body)}`}`;
}
