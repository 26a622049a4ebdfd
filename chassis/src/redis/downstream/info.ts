import type { RedisProxy } from '../proxy.ts';
import type { Routing } from '../routing.ts';

/** Sections that plain INFO shows. */
const DEFAULT = ['server', 'clients', 'memory', 'persistence', 'stats', 'replication', 'motif'];

/**
 * INFO of the proxy: what it can vouch for, under Redis's names where they mean the same. Clients look at `loading` and
 * `redis_version` before they begin; `loading` is 1 only when no shard can serve.
 */
export function infoText(proxy: RedisProxy, routing: Routing, wanted: readonly string[]): string {
  const all =
    wanted.length === 0 || wanted.some((name) => name === 'all' || name === 'everything' || name === 'default');
  const names = all ? DEFAULT : DEFAULT.filter((name) => wanted.includes(name));
  return names
    .map((name) => `# ${name[0]?.toUpperCase()}${name.slice(1)}\r\n${lines(proxy, routing, name).join('\r\n')}\r\n`)
    .join('\r\n');
}

function lines(proxy: RedisProxy, routing: Routing, section: string): string[] {
  const { shards } = routing;
  switch (section) {
    case 'server':
      return [
        `redis_version:${proxy.serverVersion}`,
        'redis_mode:standalone',
        `process_id:${process.pid}`,
        `uptime_in_seconds:${Math.floor((proxy.runtime.now() - proxy.since) / 1000)}`,
      ];
    case 'clients':
      return [`connected_clients:${proxy.clients.size}`, 'blocked_clients:0'];
    case 'memory':
      return [`used_memory:${process.memoryUsage.rss()}`];
    case 'persistence':
      return [`loading:${shards.every((shard) => shard.loading) ? 1 : 0}`];
    case 'stats':
      return [`total_connections_received:${proxy.accepted}`, `total_commands_processed:${proxy.commands}`];
    case 'replication':
      return ['role:master', 'connected_slaves:0'];
    default:
      return [
        `service:${routing.service}`,
        `epoch:${routing.epoch}`,
        ...shards.map(
          (shard, i) =>
            `shard${i}:name=${shard.name},state=${shard.circuit.open ? 'ejected' : shard.loading ? 'loading' : 'serving'}`,
        ),
      ];
  }
}
