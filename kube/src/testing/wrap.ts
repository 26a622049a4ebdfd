import type { KubeClient, RawRequest } from '../client/types.ts';
import type { ObjectName } from '../object.ts';
import type { ResourceRef } from '../resource.ts';

/** One call of a client, in RBAC's terms. */
export interface CallInfo {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'request';
  readonly ref: ResourceRef | undefined;
  readonly target: Partial<ObjectName>;
  readonly subresource: string | undefined;
  readonly request?: RawRequest | undefined;
}

export interface WrapHooks {
  /** Before the call is made; may throw instead of it. */
  before?(call: CallInfo): void;
  /** After the call was carried out; may throw instead of the answer. */
  after?(call: CallInfo): void;
}

/** A client that tells of each call, and may fail before or after it. */
export function wrapClient(client: KubeClient, hooks: WrapHooks): KubeClient {
  const around = async <T>(info: CallInfo, call: () => Promise<T>): Promise<T> => {
    hooks.before?.(info);
    const value = await call();
    hooks.after?.(info);
    return value;
  };
  const info = (
    verb: CallInfo['verb'],
    ref: ResourceRef,
    target: Partial<ObjectName>,
    subresource?: string | undefined,
  ): CallInfo => ({ verb, ref, target, subresource });
  return {
    get: (ref, target, options) =>
      around(info('get', ref, target, options?.subresource), () => client.get(ref, target, options)),
    list: (ref, options) =>
      around(info('list', ref, { namespace: options?.namespace }), () => client.list(ref, options)),
    listAll: (ref, options) => {
      hooks.before?.(info('list', ref, { namespace: options?.namespace }));
      return client.listAll(ref, options);
    },
    watch: (ref, options) =>
      around(info('watch', ref, { namespace: options.namespace }), () => client.watch(ref, options)),
    apply: (ref, object, options) =>
      around(info('patch', ref, object.metadata, options?.subresource), () => client.apply(ref, object, options)),
    create: (ref, object, options) =>
      around(info('create', ref, object.metadata, options?.subresource), () => client.create(ref, object, options)),
    replace: (ref, object, options) =>
      around(info('update', ref, object.metadata, options?.subresource), () => client.replace(ref, object, options)),
    patch: (ref, target, patch, options) =>
      around(info('patch', ref, target, options?.subresource), () => client.patch(ref, target, patch, options)),
    delete: (ref, target, options) => around(info('delete', ref, target), () => client.delete(ref, target, options)),
    request: (request) =>
      around({ verb: 'request', ref: undefined, target: {}, subresource: undefined, request }, () =>
        client.request(request),
      ),
    close: () => client.close(),
  };
}

/** Whether a call changes something. */
export function isWrite(call: CallInfo): boolean {
  if (call.request !== undefined) return call.request.method !== 'GET';
  return call.verb !== 'get' && call.verb !== 'list' && call.verb !== 'watch';
}
