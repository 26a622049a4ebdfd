import type { ShardedTopology } from '@motif/api';
import { exampleHttpTopology, exampleTopology } from '@motif/api/topology/testing';
import { createLogger, MotifError } from '@motif/kit';
import { describe, expect, it } from 'vitest';
import type { Listen, ShardingProxy } from './proxy.ts';
import { Takeover } from './takeover.ts';

/** Proxies that write down what happens to them, and refuse what `refuse` says. */
function taking(listen?: Listen) {
  const log: string[] = [];
  const events: string[] = [];
  const failures: unknown[] = [];
  let refuse: unknown;
  const make = async ({ protocol }: ShardedTopology, at: Listen): Promise<ShardingProxy> => {
    events.push(`made ${protocol} on ${at.host}:${at.port}`);
    return {
      apply: async ({ epoch }) => {
        await Promise.resolve();
        if (refuse !== undefined) throw refuse;
        events.push(`applied ${epoch}`);
      },
      check: () => ({ ok: true, reason: 'all well' }),
      loads: () => [],
      drain: async () => {},
    };
  };
  const logger = createLogger({ write: (line) => log.push(line) });
  const takeover = new Takeover({ listen, make, logger, fail: (error) => failures.push(error) });
  return {
    takeover,
    events,
    failures,
    log,
    refuse: (error: unknown) => {
      refuse = error;
    },
  };
}

describe('taking topologies over', () => {
  it('begins with the first: it picks the protocol and, where no setting does, the port on loopback', async () => {
    const { takeover, events } = taking();
    expect(takeover.check()).toEqual({ ok: false, reason: 'no topology yet' });
    await takeover.offer(exampleHttpTopology({ epoch: 3 }));
    expect(events).toEqual(['made http on 127.0.0.1:8080', 'applied 3']);
    expect(takeover.check()).toEqual({ ok: true, reason: 'all well' });
    const redis = taking({ host: '0.0.0.0', port: 7000 });
    await redis.takeover.offer(exampleTopology({ epoch: 1 }));
    expect(redis.events).toEqual(['made redis on 0.0.0.0:7000', 'applied 1']);
  });

  it('applies them one after the other, in their order', async () => {
    const { takeover, events } = taking();
    await Promise.all([3, 4, 5].map((epoch) => takeover.offer(exampleTopology({ epoch }))));
    expect(events.slice(1)).toEqual(['applied 3', 'applied 4', 'applied 5']);
  });

  it('refuses another protocol, keeps what is in force, and is well again with the right one', async () => {
    const { takeover, events, log } = taking();
    await takeover.offer(exampleTopology({ epoch: 3 }));
    await takeover.offer(exampleHttpTopology({ epoch: 4 }));
    expect(events).toHaveLength(2);
    const reason =
      'cart epoch 4 is refused: its protocol is http, and this proxy speaks redis since it started: restart it';
    expect(takeover.check()).toEqual({ ok: false, reason });
    expect(log.map((line) => JSON.parse(line))).toMatchObject([{ level: 'error', msg: 'topology refused', epoch: 4 }]);
    await takeover.offer(exampleTopology({ epoch: 5 }));
    expect(takeover.check().ok).toBe(true);
  });

  it('goes on with the last one where a key is refused', async () => {
    const { takeover, failures, refuse } = taking();
    refuse(new MotifError('KeyRefused', 'sharding.key is ["ip"]'));
    await takeover.offer(exampleHttpTopology({ epoch: 4 }));
    expect(takeover.check()).toEqual({ ok: false, reason: 'cart epoch 4 is refused: sharding.key is ["ip"]' });
    refuse(undefined);
    await takeover.offer(exampleHttpTopology({ epoch: 5 }));
    expect([takeover.check().ok, failures]).toEqual([true, []]);
  });

  it('ends the process for what only a restart can mend', async () => {
    const { takeover, failures, refuse } = taking();
    const taken = new Error('listen EADDRINUSE');
    refuse(taken);
    await takeover.offer(exampleHttpTopology());
    expect(failures).toEqual([taken]);
  });
});
