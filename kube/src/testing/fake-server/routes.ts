import { apiVersionOf, type ResourceRef } from '../../resource.ts';
import { badRequest, notFound } from './status.ts';

/** What a URL asks for. */
export interface Route {
  readonly ref: ResourceRef;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: 'status' | undefined;
}

/** Finds the resource of a path: `/apis/apps/v1/namespaces/shop/statefulsets/cart-0/status`. */
export function parsePath(path: string, known: readonly ResourceRef[]): Route {
  const segments = path.split('/').filter(Boolean).map(decodeURIComponent);
  const root = segments.shift();
  if (root !== 'api' && root !== 'apis') throw notFound(path);
  const apiVersion = root === 'api' ? segments.shift() : `${segments.shift()}/${segments.shift()}`;
  let namespace: string | undefined;
  if (segments[0] === 'namespaces' && segments.length > 2) namespace = segments.splice(0, 2)[1];
  const [resource, name, subresource] = segments;
  const ref = known.find((one) => one.resource === resource && apiVersionOf(one) === apiVersion);
  if (ref === undefined) throw notFound(`the server could not find the requested resource ${path}`);
  if (subresource !== undefined && subresource !== 'status')
    throw badRequest(`the fake has no subresource ${subresource}`);
  return { ref, namespace, name, subresource };
}
