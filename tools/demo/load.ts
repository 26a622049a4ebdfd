import { setTimeout as pause } from 'node:timers/promises';
import { createRendezvous } from '@motif/api';
import { RedisSession, type Reply } from './redis-session.ts';
import type { Outcome } from './report.ts';
import { NAMESPACE } from './service.ts';
import type { Target } from './target.ts';

/** The shards of the example, in their order. */
export const SHARDS = ['cart-0', 'cart-1', 'cart-2'];

const locator = createRendezvous(SHARDS.map((hashName) => ({ hashName, weight: 1 })));

/** The shard that a key belongs to: the same function as the ambassador's, so that the demo can say whose answer an error was. */
export function shardOf(key: string): string {
  const bytes = Buffer.from(key);
  return SHARDS[locator.pick(bytes, 0, bytes.length)] ?? '';
}

/** A redis-cli in the client's pod, which talks to the ambassador beside it. */
export function openSession({ kubectl, tools }: Target): RedisSession {
  const command = [
    ...kubectl,
    '--kubeconfig',
    tools.kubeconfig,
    '-n',
    NAMESPACE,
    'exec',
    '-i',
    'client',
    '-c',
    'app',
    '--',
  ];
  return new RedisSession([...command, 'redis-cli'], () => performance.now());
}

/** Those of the demo's first `count` keys that belong to a shard. */
export function keysOf(shard: string, count: number): string[] {
  return demoKeys(count).filter((key) => shardOf(key) === shard);
}

function demoKeys(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `demo:${index}`);
}

/** Writes and reads back `count` keys. @throws Error naming the first key whose answer is not what was written */
export async function writeAndRead(session: RedisSession, count: number): Promise<void> {
  const keys = demoKeys(count);
  const written = await Promise.all(keys.map((key) => session.send(`SET ${key} value-of-${key}`)));
  const read = await Promise.all(keys.map((key) => session.send(`GET ${key}`)));
  for (const [index, key] of keys.entries()) {
    const expected: [Reply | undefined, string][] = [
      [written[index], 'OK'],
      [read[index], `value-of-${key}`],
    ];
    for (const [reply, text] of expected)
      if (reply?.text !== text)
        throw new Error(`${key}: the answer was ${reply?.text ?? 'missing'} instead of ${text}`);
  }
}

/** How many of the demo's keys each shard really has, asked of the shards themselves. */
export async function countKeys({ tools }: Target): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const shard of SHARDS) {
    const answer = await tools.kubectl([
      '-n',
      NAMESPACE,
      'exec',
      `${shard}-0`,
      '-c',
      'redis',
      '--',
      'redis-cli',
      'dbsize',
    ]);
    counts.set(shard, Number(answer.replace('(integer)', '').trim()));
  }
  return counts;
}

/** A steady load of reads and writes of these keys that goes on until it is stopped, about two hundred commands a second. */
export function startLoad(session: RedisSession, keys: readonly string[]): { stop(): Promise<Outcome[]> } {
  const outcomes: Outcome[] = [];
  let going = true;
  const done = (async () => {
    for (let turn = 0; going; turn++) {
      const key = keys[turn % keys.length] ?? '';
      const { text, error, milliseconds } = await session.send(
        turn % 2 === 0 ? `GET ${key}` : `SET ${key} value-of-${key}`,
      );
      outcomes.push({ shard: shardOf(key), error: error ? text : undefined, milliseconds });
      await pause(5);
    }
  })();
  return {
    stop: async () => {
      going = false;
      await done;
      session.close();
      return outcomes;
    },
  };
}
