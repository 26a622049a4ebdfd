import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';

import { ClusterError } from './errors.ts';

/** What this package reads of any object. */
export interface ApiObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly resourceVersion?: string;
    readonly deletionTimestamp?: string;
  };
  // biome-ignore lint/suspicious/noExplicitAny: the callers know the kind and read few fields of it
  readonly spec?: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly status?: any;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** The few calls to the API server that the cluster's own machinery makes; what tests need is in `@motif/kube`. */
export class Api {
  readonly #server: URL;
  readonly #agent: Agent;

  /** @param kubeconfig the path of one that this package wrote. */
  constructor(kubeconfig: string) {
    const config = JSON.parse(readFileSync(kubeconfig, 'utf8'));
    const cluster = config.clusters[0].cluster;
    const user = config.users[0].user;
    const pem = (text: string) => Buffer.from(text, 'base64');
    this.#server = new URL(cluster.server);
    this.#agent = new Agent({
      keepAlive: true,
      ca: pem(cluster['certificate-authority-data']),
      cert: pem(user['client-certificate-data']),
      key: pem(user['client-key-data']),
    });
  }

  /** One call, whatever the answer. @throws the connection's error when there is none within `timeoutMs`. */
  call(method: string, path: string, body?: object, type = 'application/json', timeoutMs = 10_000): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = { accept: 'application/json', ...(body ? { 'content-type': type } : {}) };
      const url = new URL(path, this.#server);
      const call = request(url, { method, agent: this.#agent, headers, timeout: timeoutMs }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
      });
      call.on('timeout', () => call.destroy(new ClusterError('TimedOut', `${method} ${path}: no answer`)));
      call.on('error', reject);
      call.end(body && JSON.stringify(body));
    });
  }

  /** @throws ClusterError for any answer above 299. */
  async json<T>(method: string, path: string, body?: object, type?: string): Promise<T> {
    const answer = await this.call(method, path, body, type);
    if (answer.status > 299) {
      throw new ClusterError('CommandFailed', `${method} ${path}: ${answer.status} ${answer.body.slice(0, 500)}`);
    }
    return JSON.parse(answer.body) as T;
  }

  async list(path: string): Promise<ApiObject[]> {
    return (await this.json<{ items: ApiObject[] }>('GET', path)).items;
  }

  /** Calls `changed` for each piece of a watch until it ends, which it always does in the end. */
  watch(path: string, changed: () => void): Promise<void> {
    return new Promise((resolve) => {
      const url = new URL(`${path}?watch=1&timeoutSeconds=300`, this.#server);
      const call = request(url, { agent: this.#agent, headers: { accept: 'application/json' } }, (response) => {
        response.on('data', changed);
        response.on('close', resolve);
        response.on('error', () => resolve());
      });
      call.on('error', () => resolve());
      call.end();
    });
  }
}
