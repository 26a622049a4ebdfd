import { createHash } from 'node:crypto';
import { USES_PREFIX } from '../names.ts';

/** A topology as a pod's annotation counts it. */
export interface EpochOf {
  readonly uid: string;
  readonly epoch: number;
}

/** The services whose topologies a pod says it mounts. */
export function usedServices(labels: Readonly<Record<string, string>> | undefined): string[] {
  return Object.entries(labels ?? {})
    .filter(([key, value]) => key.startsWith(USES_PREFIX) && value === 'true')
    .map(([key]) => key.slice(USES_PREFIX.length))
    .toSorted();
}

/** The value of a pod's annotation: another one as soon as any of what it mounts is another. Opaque, 16 characters. */
export function epochHash(topologies: readonly EpochOf[]): string {
  const lines = topologies.map(({ uid, epoch }) => `${uid}:${epoch}`).toSorted();
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);
}
