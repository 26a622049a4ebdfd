import type { Container, PodTemplate } from '../kinds.ts';

/**
 * What the container that takes HTTP gets where its template says nothing of its own.
 *
 * *Readiness*, by a TCP connect: a replica gets requests, and a new shard its keys, once it listens. It is asked nothing over HTTP, because no path is
 * known to be cheap, public and free of effects. There is no liveness and no startup probe of ours: both kill, and a slow server
 * or one that loads for long is not a dead one.
 *
 * *A pause before SIGTERM*: by the time the process hears of its end the containers that send it requests have been told (within 2 s), and
 * what they sent before is answered. The kubelet does the waiting itself; the image needs no `sleep`.
 */
export function withHttpDefaults(container: Container, port: number, { spec }: PodTemplate): Container {
  const pause = pauseSeconds(spec.terminationGracePeriodSeconds);
  const lifecycle =
    container.lifecycle?.preStop !== undefined || pause === 0
      ? container.lifecycle
      : { ...container.lifecycle, preStop: { sleep: { seconds: pause } } };
  return {
    ...container,
    ...(lifecycle === undefined ? {} : { lifecycle }),
    readinessProbe: container.readinessProbe ?? {
      tcpSocket: { port },
      periodSeconds: 2,
      timeoutSeconds: 2,
      failureThreshold: 3,
    },
  };
}

const PAUSE_SECONDS = 5;
const DEFAULT_GRACE_SECONDS = 30;

/** At most half of the grace period, which the pause is part of; 0: too short for any. */
function pauseSeconds(grace: unknown): number {
  const seconds = typeof grace === 'number' ? grace : DEFAULT_GRACE_SECONDS;
  return Math.min(PAUSE_SECONDS, Math.floor(seconds / 2));
}
