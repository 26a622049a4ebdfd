import type { KubeClient } from '../client/types.ts';
import type { ObjectName } from '../object.ts';
import type { ResourceRef } from '../resource.ts';
import { wrapClient } from './wrap.ts';

/** One way in which the API was used, in RBAC's terms. */
export interface VerbUse {
  readonly verb: string;
  readonly group: string;
  /** `pods`, or `shardedservices/status`. */
  readonly resource: string;
  /** The namespaces it was used in; `''` for all namespaces at once and for cluster-scoped resources. */
  readonly namespaces: ReadonlySet<string>;
  /** The names it was used on (empty for list, watch): a role may be narrowed to them. */
  readonly names: ReadonlySet<string>;
}

interface Use extends VerbUse {
  readonly namespaces: Set<string>;
  readonly names: Set<string>;
}

/**
 * A client that notes each verb it was used with, for the comparison with the chart's role. An apply counts as `patch`, and as `create` too
 * where it made the object: the API server asks for both.
 */
export function recordingClient(client: KubeClient): KubeClient & { uses(): VerbUse[] } {
  const uses = new Map<string, Use>();
  const note = (verb: string, ref: ResourceRef, target: Partial<ObjectName>, subresource: string | undefined) => {
    const resource = subresource === undefined ? ref.resource : `${ref.resource}/${subresource}`;
    const id = `${verb} ${ref.group} ${resource}`;
    const use = uses.get(id) ?? { verb, group: ref.group, resource, namespaces: new Set(), names: new Set() };
    use.namespaces.add(target.namespace ?? '');
    if (target.name !== undefined) use.names.add(target.name);
    uses.set(id, use);
  };
  const wrapped = wrapClient(client, {
    before({ verb, ref, target, subresource }) {
      if (ref !== undefined) note(verb, ref, target, subresource);
    },
  });
  const apply: KubeClient['apply'] = (ref, object, options) =>
    wrapped.apply(ref, object, {
      ...options,
      onCreated: () => note('create', ref, object.metadata, options?.subresource),
    });
  return { ...wrapped, apply, uses: () => [...uses.values()] };
}
