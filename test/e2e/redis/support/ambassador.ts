import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ShardedTopology, serializeTopology } from '@motif/api';
import { Child, freePort, until, whenListening } from './processes.ts';

const MAIN = fileURLToPath(new URL('../../../../ambassadors/sharding/src/main.ts', import.meta.url));

/** The ambassador's own program as a process of its own, outside of Kubernetes. */
export class Ambassador {
  readonly port: number;
  readonly adminPort: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'motif-ambassador-'));
  #child: Child | undefined;

  private constructor(port: number, adminPort: number) {
    this.port = port;
    this.adminPort = adminPort;
  }

  /** Starts it and waits until it is ready. */
  static async start(topology: ShardedTopology, secrets: Readonly<Record<string, string>> = {}): Promise<Ambassador> {
    const ambassador = new Ambassador(await freePort(), await freePort());
    for (const [name, value] of Object.entries(secrets)) ambassador.secret(name, value);
    ambassador.publish(topology);
    ambassador.#start();
    try {
      await whenListening(ambassador.port);
      await until('the ambassador is ready', () => ambassador.ready());
    } catch (cause) {
      const { output } = ambassador.child;
      await ambassador.stop();
      throw new Error(`the ambassador did not become ready; it said:\n${output.slice(-2000)}`, { cause });
    }
    return ambassador;
  }

  get child(): Child {
    if (this.#child === undefined) throw new Error('the ambassador has not been started');
    return this.#child;
  }

  publish(topology: ShardedTopology): void {
    const path = join(this.#folder, 'topology.json');
    writeFileSync(`${path}.new`, serializeTopology(topology));
    renameSync(`${path}.new`, path);
  }

  secret(name: string, value: string): void {
    writeFileSync(join(this.#folder, name), value);
  }

  async ready(): Promise<boolean> {
    const answer = await fetch(`http://127.0.0.1:${this.adminPort}/readyz`).catch(() => undefined);
    return answer?.status === 200;
  }

  /** A page of the admin server. */
  async page(path: string): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.adminPort}${path}`)).text();
  }

  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | string> {
    const code = await this.#child?.end(signal);
    rmSync(this.#folder, { recursive: true, force: true });
    return code ?? '';
  }

  #start(): void {
    this.#child = new Child(process.execPath, ['--max-semi-space-size=4', MAIN], {
      ...process.env,
      LISTEN: `127.0.0.1:${this.port}`,
      ADMIN_LISTEN: `127.0.0.1:${this.adminPort}`,
      TOPOLOGY: join(this.#folder, 'topology.json'),
      SECRETS_DIR: this.#folder,
      LOG_LEVEL: 'info',
    });
  }
}
