import type { KubeConfig } from '@kubernetes/client-node';
import type { Clock } from '@motif/kit';
import { ConnectionConfigError, type KubeConnection, type TlsOptions } from './types.ts';

/** Credentials of exec and OIDC plug-ins are asked for again after this time; client-node keeps them until they expire. */
const CREDENTIALS_AGE_MS = 60_000;

export interface KubeconfigOptions {
  readonly clock: Clock;
  /** A file; absent: client-node's default (`KUBECONFIG`, `~/.kube/config`). */
  readonly path?: string | undefined;
  /** A context other than the current one. */
  readonly context?: string | undefined;
}

interface HttpsOptions extends TlsOptions {
  headers?: Record<string, string>;
  auth?: string;
}

/**
 * The connection of a kubeconfig, with whatever authentication it asks for.
 * @kubernetes/client-node is loaded here and only here, when called: its 85 MB stay out of the operator's pod.
 * Throws `ConnectionConfigError` naming the file or context.
 */
export async function kubeconfigConnection(options: KubeconfigOptions): Promise<KubeConnection> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  load(config, options);
  const cluster = config.getCurrentCluster();
  const context = config.getContextObject(config.getCurrentContext());
  if (!cluster || !context) {
    throw new ConnectionConfigError(`the kubeconfig has no cluster for its context "${config.getCurrentContext()}"`);
  }
  const credentials = new Credentials(config, options.clock);
  return {
    server: cluster.server.replace(/\/+$/, ''),
    namespace: context.namespace ?? 'default',
    tls: async () => {
      const { ca, cert, key, servername, rejectUnauthorized } = await credentials.read(true);
      return { ca, cert, key, servername, rejectUnauthorized };
    },
    headers: async (refresh) => authorization(await credentials.read(refresh)),
  };
}

class Credentials {
  readonly #config: KubeConfig;
  readonly #clock: Clock;
  #last: HttpsOptions | undefined;
  #readAt = 0;

  constructor(config: KubeConfig, clock: Clock) {
    this.#config = config;
    this.#clock = clock;
  }

  async read(refresh: boolean): Promise<HttpsOptions> {
    const now = this.#clock.monotonic();
    if (this.#last !== undefined && !refresh && now - this.#readAt < CREDENTIALS_AGE_MS) return this.#last;
    const options: HttpsOptions = {};
    await this.#config.applyToHTTPSOptions(options as Parameters<KubeConfig['applyToHTTPSOptions']>[0]);
    this.#last = options;
    this.#readAt = now;
    return options;
  }
}

function load(config: KubeConfig, { path, context }: KubeconfigOptions): void {
  try {
    if (path === undefined) config.loadFromDefault();
    else config.loadFromFile(path);
  } catch (cause) {
    throw new ConnectionConfigError(`cannot read the kubeconfig ${path ?? '(default)'}`, { cause });
  }
  if (context === undefined) return;
  if (config.getContextObject(context) === null) {
    const known = config.getContexts().map((one) => one.name);
    throw new ConnectionConfigError(`the kubeconfig has no context "${context}"; it has ${known.join(', ')}`);
  }
  config.setCurrentContext(context);
}

function authorization(options: HttpsOptions): Record<string, string> {
  const header = options.headers?.Authorization;
  if (header !== undefined) return { authorization: header };
  if (options.auth !== undefined) return { authorization: `Basic ${Buffer.from(options.auth).toString('base64')}` };
  return {};
}
