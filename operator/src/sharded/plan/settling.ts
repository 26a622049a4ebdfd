import { ANNOTATION, shardName } from '../names.ts';
import { isAutoscaled, statedReplicas } from '../replicas.ts';
import { isSuspended, shardCount } from '../spec.ts';
import { isOurs, type World } from '../world/world.ts';

/** Containers hold a new topology well before what it leaves out goes (2 s at the 99th percentile). */
export const SETTLE_MS = 5_000;

/** A replica that came back is known to those who send requests. */
export const RETURN_MS = 3_000;

/** How it is noted that a shard goes down to so many replicas: `cart-1:2`. */
export function shrinkNote(service: string, index: number, replicas: number): string {
  return `${shardName(service, index)}:${replicas}`;
}

/** The shards that a change of the resource gives fewer replicas. Those that go serve until everyone has been told. */
export function shrinking({ resource, statefulSets }: World): string[] {
  if (isSuspended(resource)) return [];
  const notes: string[] = [];
  for (const [index, set] of statefulSets) {
    if (index >= shardCount(resource) || isAutoscaled(resource, index) || !isOurs(resource, set)) continue;
    const stated = statedReplicas(resource, index);
    if ((set.spec.replicas ?? 1) > stated) notes.push(shrinkNote(resource.metadata.name, index, stated));
  }
  return notes.toSorted();
}

/** What the published topology notes as on its way out, and since when it is without the last of it (ms since the epoch). */
export interface Leaving {
  readonly names: ReadonlySet<string>;
  readonly since: number | undefined;
}

/** What is noted beside the topology of this resource. */
export function notedLeaving({ resource, topology, topologyMap }: World): Leaving {
  if (topology?.uid !== resource.metadata.uid) return { names: new Set(), since: undefined };
  const { annotations } = topologyMap?.metadata ?? {};
  const text = annotations?.[ANNOTATION.leaving] ?? '';
  const since = Date.parse(annotations?.[ANNOTATION.leavingSince] ?? annotations?.[ANNOTATION.epochSince] ?? '');
  return { names: new Set(text === '' ? [] : text.split(',')), since: Number.isNaN(since) ? undefined : since };
}

/** After how many ms what is noted so may go; 0: now. */
export function goesIn(world: World, note: string): number {
  const { names, since } = notedLeaving(world);
  if (since === undefined || !names.has(note)) return SETTLE_MS;
  return Math.max(since + SETTLE_MS - world.now, 0);
}
