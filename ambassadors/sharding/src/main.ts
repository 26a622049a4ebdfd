import { SecretFiles, TopologyLoader } from '@motif/chassis';
import { RedisServer } from '@motif/chassis/redis/index';
import { runContainer, VERSION } from '@motif/kit';
import { settings } from './settings.ts';

await runContainer({
  version: VERSION,
  settings,
  start: async ({ settings, logger, registry, checks, clock, random, serveTopology, fail }) => {
    const loader = new TopologyLoader({ path: settings.TOPOLOGY, logger, clock, registry });
    const secrets = new SecretFiles({ folder: settings.SECRETS_DIR, logger, clock });
    const server = new RedisServer({
      listen: settings.LISTEN,
      secret: (file) => secrets.get(file),
      registry,
      logger,
      clock,
      random,
    });
    const wanted = new Set<string>();
    const want = (file: string, changed: () => void): void => {
      if (wanted.has(file)) return;
      wanted.add(file);
      secrets.want(file, changed);
    };
    loader.subscribe((topology) => {
      const reauthenticate = (): void => server.reauthenticate();
      if (topology.auth?.username) want('auth-username', reauthenticate);
      if (topology.auth?.password) want('auth-password', reauthenticate);
      for (const { passwordFile } of topology.clientAuth ?? []) want(passwordFile, () => {});
      server.apply(topology).catch(fail);
    });
    serveTopology(() => loader.current);
    checks.topology = loader.check;
    checks.shards = server.check;
    return {
      drain: async (deadline) => {
        await server.drain(deadline);
        loader.close();
        secrets.close();
      },
    };
  },
});
