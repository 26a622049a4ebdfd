import type { RedisTopology } from '@motif/api';
import { SecretFiles } from '@motif/chassis';
import type { HotKeys } from '@motif/chassis/load/hot-keys';
import { RedisServer } from '@motif/chassis/redis/index';
import type { Clock } from '@motif/kit';
import type { Context, Listen, ShardingProxy } from './proxy.ts';

/** Clients are not let in before the files of their passwords have been looked at once: a right password would be refused. */
async function firstRead(secrets: SecretFiles, clock: Clock): Promise<void> {
  while (secrets.missing().some((reason) => reason.endsWith('not read yet'))) await clock.sleep(5);
}

/** The proxy for shards that speak Redis, with the secrets that a topology names. */
export function redisProxy(context: Context, listen: Listen, hotKeys: HotKeys | undefined): ShardingProxy {
  const { settings, logger, registry, clock, random } = context;
  const secrets = new SecretFiles({ folder: settings.SECRETS_DIR, logger, clock });
  const secret = (file: string) => secrets.get(file);
  const server = new RedisServer({ listen, secret, registry, logger, clock, random, hotKeys });
  const wanted = new Set<string>();
  const want = (file: string, changed: () => void = () => {}): void => {
    if (wanted.has(file)) return;
    wanted.add(file);
    secrets.want(file, changed);
  };
  const reauthenticate = (): void => server.reauthenticate();
  return {
    apply: async (topology) => {
      const { auth, clientAuth = [] } = topology as RedisTopology;
      if (auth?.username) want('auth-username', reauthenticate);
      if (auth?.password) want('auth-password', reauthenticate);
      for (const { passwordFile } of clientAuth) want(passwordFile);
      await firstRead(secrets, clock);
      await server.apply(topology as RedisTopology);
    },
    check: server.check,
    loads: () => server.loads(),
    drain: async (deadline) => {
      await server.drain(deadline);
      secrets.close();
    },
  };
}
