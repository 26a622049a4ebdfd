import { NameConflictError } from '../errors.ts';
import { controllerOf, type KubeObject, keyOf } from '../object.ts';
import type { Ownership } from './types.ts';

/** Whether an object is the owner's, or may become it: no controller, and our labels (after `kubectl delete --cascade=orphan`). */
export function isOurs(live: KubeObject, { owner, adoptLabels }: Ownership): boolean {
  const controller = controllerOf(live);
  if (controller !== undefined) return controller.uid === owner.metadata.uid;
  const labels = live.metadata.labels ?? {};
  const wanted = Object.entries(adoptLabels);
  return wanted.length > 0 && wanted.every(([name, value]) => labels[name] === value);
}

/** Throws `NameConflictError` unless the object may be written. */
export function requireOurs(live: KubeObject, ownership: Ownership): void {
  if (isOurs(live, ownership)) return;
  const controller = controllerOf(live);
  const owner = controller === undefined ? undefined : `${controller.kind}/${controller.name}`;
  throw new NameConflictError(live.kind, keyOf(live), owner);
}
