import { TopologyLoader } from '@motif/chassis';
import { HotKeys } from '@motif/chassis/load/hot-keys';
import { runContainer, VERSION } from '@motif/kit';
import { sampledEvery } from './sampling.ts';
import { settings } from './settings.ts';
import { Takeover } from './takeover.ts';

await runContainer({
  version: VERSION,
  settings,
  start: async (context) => {
    const { settings, logger, registry, checks, clock, random, fail } = context;
    const loader = new TopologyLoader({ path: settings.TOPOLOGY, logger, clock, registry });
    const every = sampledEvery(settings.HOT_KEYS);
    const hotKeys = every === 0 ? undefined : new HotKeys({ every, clock, random, registry });
    const takeover = new Takeover({
      listen: settings.LISTEN,
      // Only the core that is needed is loaded: the other would take memory for nothing.
      make: async ({ protocol }, listen) => {
        if (protocol === 'http') return (await import('./http-proxy.ts')).httpProxy(context, listen, hotKeys);
        return (await import('./redis-proxy.ts')).redisProxy(context, listen, hotKeys);
      },
      logger,
      fail,
    });
    loader.subscribe((topology) => void takeover.offer(topology));
    context.serveTopology(() => loader.current && { ...loader.current, load: takeover.proxy?.loads() ?? [] });
    if (hotKeys !== undefined) context.servePage('/hotkeys', () => hotKeys.report());
    checks.topology = loader.check;
    checks.shards = takeover.check;
    return {
      drain: async (deadline) => {
        await takeover.proxy?.drain(deadline);
        loader.close();
        hotKeys?.close();
      },
    };
  },
});
