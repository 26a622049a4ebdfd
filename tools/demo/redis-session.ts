import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** One command's outcome, as an unmodified redis-cli printed it. */
export interface Reply {
  /** The printed reply; an error's text where `error` is true. */
  readonly text: string;
  readonly error: boolean;
  /** From the command's writing to the reply's arrival, over `kubectl exec`, in ms. */
  readonly milliseconds: number;
}

/**
 * A redis-cli that runs in a client's pod, fed one command a line over `kubectl exec -i`. With its output in a pipe it prints one line a
 * reply, in order, so that commands and replies are matched by position; an empty line after an error belongs to that error.
 */
export class RedisSession {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting: {
    readonly since: number;
    readonly resolve: (reply: Reply) => void;
    readonly reject: (error: Error) => void;
  }[] = [];
  readonly #monotonic: () => number;
  #afterError = false;

  /**
   * @param program kubectl and its arguments, up to and with `redis-cli`
   * @param monotonic a clock in ms
   */
  constructor(program: readonly string[], monotonic: () => number) {
    const [command = 'kubectl', ...args] = program;
    this.#monotonic = monotonic;
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#line(line));
    this.#child.on('error', (error) => this.#fail(error));
    this.#child.on('exit', (code) => this.#fail(new Error(`redis-cli ended with ${code}`)));
    this.#child.stdin.on('error', () => {});
  }

  /** Sends one command (arguments without blanks). Rejects when redis-cli ends first. */
  send(command: string): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ since: this.#monotonic(), resolve, reject });
      this.#child.stdin.write(`${command}\n`);
    });
  }

  /** Ends redis-cli; what was not answered is rejected. */
  close(): void {
    this.#child.stdin.end();
  }

  #line(text: string): void {
    if (this.#afterError && text === '') {
      this.#afterError = false;
      return;
    }
    const slot = this.#waiting.shift();
    if (slot === undefined) return;
    const error = /^(ERR|[A-Z]+ERR|[A-Z]{3,}[A-Z0-9]*|Error:|Could not connect) /.test(text) && !/^OK\b/.test(text);
    this.#afterError = error;
    slot.resolve({ text, error, milliseconds: this.#monotonic() - slot.since });
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
