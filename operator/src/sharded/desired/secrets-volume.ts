import type { SecretKey, ShardedService } from '../resource.ts';

/**
 * The one volume with all passwords that the data plane needs, under fixed names; undefined when it needs none.
 * Not optional: a router without its passwords is better seen waiting for them than running and refused by every shard.
 */
export function secretsVolume(resource: ShardedService, name: string): { name: string; projected: object } | undefined {
  const { auth, clientAuth } = resource.spec;
  const sources = [
    ...(auth?.username === undefined ? [] : [source(auth.username, 'auth-username')]),
    ...(auth?.password === undefined ? [] : [source(auth.password, 'auth-password')]),
    ...(clientAuth ?? []).map(({ password }, i) => source(password, `client-${i}-password`)),
  ];
  return sources.length === 0 ? undefined : { name, projected: { sources, defaultMode: 0o440 } };
}

function source({ secretRef }: SecretKey, path: string): object {
  return { secret: { name: secretRef.name, items: [{ key: secretRef.key, path }] } };
}
