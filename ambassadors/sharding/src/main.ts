import { SecretFiles, TopologyLoader } from '@motif/chassis';
import { RedisServer } from '@motif/chassis/redis/index';
import { type Clock, runContainer, VERSION } from '@motif/kit';
import { settings } from './settings.ts';

/** Clients are not let in before the files of their passwords have been looked at once: a right password would be refused. */
async function firstRead(secrets: SecretFiles, clock: Clock): Promise<void> {
  while (secrets.missing().some((reason) => reason.endsWith('not read yet'))) await clock.sleep(5);
}

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
    let applied = Promise.resolve();
    const wanted = new Set<string>();
    const want = (file: string, changed: () => void): void => {
      if (wanted.has(file)) return;
      wanted.add(file);
      secrets.want(file, changed);
    };
    loader.subscribe((topology) => {
      if (topology.protocol !== 'redis') return fail(new Error(`protocol ${topology.protocol} does not work yet`));
      const reauthenticate = (): void => server.reauthenticate();
      if (topology.auth?.username) want('auth-username', reauthenticate);
      if (topology.auth?.password) want('auth-password', reauthenticate);
      for (const { passwordFile } of topology.clientAuth ?? []) want(passwordFile, () => {});
      applied = applied.then(async () => {
        await firstRead(secrets, clock);
        await server.apply(topology);
      });
      applied.catch(fail);
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
