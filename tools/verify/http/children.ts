import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HttpTopology } from '@motif/api';
import { bundle } from '../../bundle/bundle.ts';
import type { FromProxy, FromShards, Mode, ProxyFigures, ShardFigures, ToProxy, ToShards } from './messages.ts';

/** Another process of the proof: asked one thing after the other, each answered by one message. */
class Child<To extends object, From> {
  readonly #process: ChildProcess;
  #last: Promise<unknown> = Promise.resolve();

  constructor(program: string, args: readonly string[], nodeArgs: readonly string[] = []) {
    this.#process = fork(program, args, { execArgv: [...nodeArgs], stdio: 'inherit' });
  }

  get pid(): number {
    return this.#process.pid as number;
  }

  /** Its next message. @throws Error when it ends instead */
  async next(): Promise<From> {
    const died = new AbortController();
    const end = once(this.#process, 'exit', { signal: died.signal }).then(([code, signal]) => {
      throw new Error(`a process of the proof ended: ${code ?? signal}`);
    });
    end.catch(() => {});
    try {
      const [message] = await Promise.race([once(this.#process, 'message'), end]);
      return message as From;
    } finally {
      died.abort();
    }
  }

  ask(message: To): Promise<From> {
    const answer = this.#last.then(() => {
      const next = this.next();
      this.#process.send(message);
      return next;
    });
    this.#last = answer.catch(() => {});
    return answer;
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGCONT');
    this.#process.kill('SIGKILL');
    await exited;
  }
}

/** A process with shards. */
export class ShardsChild {
  readonly ports: readonly number[];
  readonly #child: Child<ToShards, FromShards>;

  private constructor(child: Child<ToShards, FromShards>, ports: readonly number[]) {
    this.#child = child;
    this.ports = ports;
  }

  static async start(count: number): Promise<ShardsChild> {
    const child = new Child<ToShards, FromShards>(fileURLToPath(new URL('./shards-child.ts', import.meta.url)), [
      String(count),
    ]);
    const first = await child.next();
    return new ShardsChild(child, (first as { ports: number[] }).ports);
  }

  async mode(shard: number, mode: Mode): Promise<void> {
    await this.#child.ask({ shard, mode });
  }

  /** Opens or closes a shard's port; closing ends its connections. */
  async open(shard: number, open: boolean): Promise<void> {
    await this.#child.ask({ shard, open });
  }

  async look(): Promise<readonly ShardFigures[]> {
    return ((await this.#child.ask({ look: true })) as { shards: ShardFigures[] }).shards;
  }

  /** SIGSTOP: connections stay open and are accepted, nothing is read. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child.kill('SIGCONT');
  }

  stop(): Promise<void> {
    return this.#child.stop();
  }
}

/** The proxy in a process of its own, bundled as a container's program is, so that its memory and CPU are nobody else's. */
export class ProxyChild {
  readonly port: number;
  readonly #child: Child<ToProxy, FromProxy>;

  private constructor(child: Child<ToProxy, FromProxy>, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start(topology: HttpTopology): Promise<ProxyChild> {
    const root = fileURLToPath(new URL('../../..', import.meta.url));
    const { folder } = await bundle(root, { name: 'verify-http', entry: 'tools/verify/http/proxy-child.ts' });
    const flags = ['--expose-gc', '--max-semi-space-size=4'];
    const child = new Child<ToProxy, FromProxy>(join(folder, 'main.mjs'), [], flags);
    const first = await child.ask({ apply: topology });
    return new ProxyChild(child, (first as { port: number }).port);
  }

  get pid(): number {
    return this.#child.pid;
  }

  async apply(topology: HttpTopology): Promise<void> {
    await this.#child.ask({ apply: topology });
  }

  /** @param collect collects garbage first, so that the figures show what is held */
  async look(collect = false): Promise<ProxyFigures> {
    const answer = await this.#child.ask(collect ? { collect: true } : { look: true });
    return (answer as { figures: ProxyFigures }).figures;
  }

  stop(): Promise<void> {
    return this.#child.stop();
  }
}
