import type { Container } from '../kinds.ts';

/**
 * Probes for redis where the template has none.
 *
 * A server that loads its data set answers `-LOADING`: alive, not ready. One that wants a password answers `-NOAUTH` to ours:
 * alive, and as far as we can tell ready. A dead or hung one answers nothing. `redis-cli` ends with 0 on any answer, which is what
 * liveness needs; readiness looks at the answer. With `spec.auth` the probes log in, because a server that wants a password says
 * NOAUTH even while it loads. An image with neither of the three clients gets no more than the TCP check: see the README.
 */
export function withRedisProbes(container: Container, port: number, login: Login): Container {
  return {
    ...container,
    startupProbe: container.startupProbe ?? startupProbe(port),
    livenessProbe: container.livenessProbe ?? livenessProbe(port, login),
    readinessProbe: container.readinessProbe ?? readinessProbe(port, login),
  };
}

/** Environment of the container for its probes; a name that the template sets itself is left alone. */
export const PROBE_ENV = { username: 'MOTIF_PROBE_USER', password: 'MOTIF_PROBE_PASSWORD' } as const;

const CLIENT = 'c=$(command -v redis-cli || command -v valkey-cli || command -v keydb-cli) || exit 0';

/** What the probes log in with. */
export interface Login {
  readonly username: boolean;
  readonly password: boolean;
}

/** The password goes by the environment: an argument could be read in the process list. */
function ask(port: number, login: Login): string {
  const password = login.password
    ? `REDISCLI_AUTH="$${PROBE_ENV.password}" VALKEYCLI_AUTH="$${PROBE_ENV.password}" `
    : '';
  const user = login.username && login.password ? ` --user "$${PROBE_ENV.username}"` : '';
  return `${password}"$c" -h 127.0.0.1 -p ${port}${user} ping`;
}

function startupProbe(port: number): object {
  return { tcpSocket: { port }, periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 120 };
}

/** A hung server is restarted after a minute: long scripts and `KEYS` on large data may block for seconds. */
function livenessProbe(port: number, login: Login): object {
  const command = ['sh', '-c', `${CLIENT}; ${ask(port, login)} >/dev/null 2>&1`];
  return { exec: { command }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 };
}

function readinessProbe(port: number, login: Login): object {
  const verdict = 'case "$r" in *PONG*|*NOAUTH*) exit 0;; esac; echo "$r"; exit 1';
  const command = ['sh', '-c', `${CLIENT}; r=$(${ask(port, login)} 2>&1); ${verdict}`];
  return { exec: { command }, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2 };
}

/** Whether any probe of ours would be added: only then do probe variables make sense. */
export function lacksProbe(container: Container): boolean {
  return container.livenessProbe === undefined || container.readinessProbe === undefined;
}
