import type { HttpTopology } from '@motif/api';
import { Keys } from '@motif/chassis/http/keys/keys';
import type { KeyRouter } from '@motif/chassis/http/keys/router';
import { HttpObserver } from '@motif/chassis/http/observe/observer';
import { HttpServer } from '@motif/chassis/http/server';
import type { HotKeys } from '@motif/chassis/load/hot-keys';
import { accessLogOf } from './access-log.ts';
import { isLocal } from './listen.ts';
import type { Context, Listen, ShardingProxy } from './proxy.ts';
import { tracingOf } from './tracing.ts';

/** The proxy for shards that speak HTTP, with its log, its traces and the database of countries. */
export function httpProxy(context: Context, listen: Listen, hotKeys: HotKeys | undefined): ShardingProxy {
  const { settings, logger, registry, clock, random } = context;
  const log = accessLogOf(context);
  const tracing = tracingOf(context);
  const observer = new HttpObserver({ registry, clock, ...log?.option, ...tracing?.option });
  const keys = new Keys({ logger, clock, local: isLocal(listen), jsonLimit: settings.JSON_BODY_LIMIT, hotKeys });
  let router: KeyRouter | undefined;
  const server = new HttpServer({
    listen,
    registry,
    logger,
    clock,
    random,
    observer,
    router: () => router as KeyRouter,
    limits: { clients: settings.MAX_CONNECTIONS, inFlight: settings.MAX_IN_FLIGHT },
    ...(settings.VIA === undefined ? {} : { via: settings.VIA }),
  });
  return {
    apply: async (topology) => {
      router = await keys.apply(topology as HttpTopology);
      await server.apply(topology as HttpTopology);
    },
    check: () => {
      const answers = [keys.check(), server.check()];
      const reason = answers.flatMap((answer) => answer.reason ?? []).join('; ');
      return { ok: answers.every(({ ok }) => ok), ...(reason === '' ? {} : { reason }) };
    },
    loads: () => server.loads(),
    drain: async (deadline) => {
      await server.drain(deadline);
      keys.close();
      // What the last requests left to tell goes out with the process.
      await Promise.all([log?.close(), tracing?.close()]);
    },
  };
}
