import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RedisTopology } from '@motif/api';
import { serializeTopology } from '@motif/api';
import { exampleTopology } from '@motif/api/topology/testing';
import { createLogger, Registry, systemClock } from '@motif/kit';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MountedVolume } from '../files/testing.ts';
import { TopologyLoader } from './loader.ts';
import { judge } from './verdict.ts';

describe('judge', () => {
  const held = exampleTopology({ epoch: 7 });
  const offer = (changes: Partial<RedisTopology>) => judge(serializeTopology({ ...held, ...changes }), held);

  test('a newer epoch, another uid and the first document are accepted', () => {
    expect(offer({ epoch: 8 })).toMatchObject({ result: 'accepted', topology: { epoch: 8 } });
    expect(offer({ epoch: 1, uid: 'made-again' })).toMatchObject({ result: 'accepted' });
    expect(judge(serializeTopology(held), undefined)).toMatchObject({ result: 'accepted' });
  });

  test('an older epoch of the same uid is refused with both epochs', () => {
    expect(offer({ epoch: 6 })).toEqual({ result: 'refused', reason: 'epoch 6 is older than 7, which is in force' });
  });

  test('the same epoch: nothing for the same content, a note for other content', () => {
    expect(offer({})).toEqual({ result: 'unchanged' });
    expect(offer({ port: 6380 })).toMatchObject({ result: 'accepted', note: expect.stringContaining('second time') });
  });

  test('what is broken is refused with the reason', () => {
    expect(judge('{"apiVersion"', held)).toMatchObject({
      result: 'refused',
      reason: expect.stringContaining('not JSON'),
    });
    expect(judge('{}', held)).toMatchObject({ result: 'refused', reason: expect.stringContaining('protocol') });
    // One line, for logs and /readyz.
    for (const text of ['{}', '{', JSON.stringify({ ...held, epoch: 0 })])
      expect(judge(text, held)).toMatchObject({ result: 'refused', reason: expect.not.stringContaining('\n') });
  });
});

describe('TopologyLoader', () => {
  let volume: MountedVolume;
  let loader: TopologyLoader | undefined;
  let registry: Registry;
  let lines: string[];

  beforeEach(() => {
    volume = new MountedVolume();
    registry = new Registry();
    lines = [];
  });
  afterEach(() => {
    loader?.close();
    volume.destroy();
  });

  function load(pollMs = 50): TopologyLoader {
    loader = new TopologyLoader({
      path: join(volume.folder, 'topology.json'),
      logger: createLogger({ write: (line) => lines.push(line), level: 'debug' }),
      clock: systemClock,
      registry,
      pollMs,
    });
    return loader;
  }
  const publish = (topology: RedisTopology) => volume.publish({ 'topology.json': serializeTopology(topology) });
  const metric = async (name: string) =>
    Number(new RegExp(`^${name} (.*)$`, 'm').exec(await registry.metrics())?.[1] ?? Number.NaN);

  test('waits for a file that appears late, and says what it waits for', async () => {
    const loading = load();
    await vi.waitFor(() =>
      expect(loading.check().reason).toMatch(/^no topology yet: .*topology\.json does not exist$/),
    );
    expect(loading.check().ok).toBe(false);
    await volume.publish({});
    await publish(exampleTopology({ epoch: 3 }));
    await vi.waitFor(() => expect(loading.current?.epoch).toBe(3));
    expect(loading.check()).toEqual({ ok: true, reason: 'cart epoch 3' });
    expect(await metric('motif_topology_epoch')).toBe(3);
  });

  test('follows the swap of ..data without a poll', async () => {
    await publish(exampleTopology({ epoch: 1 }));
    const loading = load(3_600_000);
    const seen: [number, number | undefined][] = [];
    await vi.waitFor(() => expect(loading.current?.epoch).toBe(1));
    loading.subscribe((topology, previous) => seen.push([topology.epoch, previous?.epoch]));
    for (let epoch = 2; epoch <= 5; epoch++) {
      await publish(exampleTopology({ epoch }));
      await vi.waitFor(() => expect(loading.current?.epoch).toBe(epoch), { interval: 1 });
    }
    expect(seen).toEqual([
      [1, undefined],
      [2, 1],
      [3, 2],
      [4, 3],
      [5, 4],
    ]);
  });

  test('keeps the last good one when the next is broken, older or gone, and tells why', async () => {
    await publish(exampleTopology({ epoch: 7 }));
    const loading = load();
    await vi.waitFor(() => expect(loading.current?.epoch).toBe(7));
    await volume.publish({ 'topology.json': '{"half' });
    await vi.waitFor(() => expect(loading.check().reason).toContain('not JSON'));
    expect(await metric('motif_topology_refused')).toBe(1);
    await publish(exampleTopology({ epoch: 6 }));
    await vi.waitFor(() => expect(loading.check().reason).toContain('epoch 6 is older than 7'));
    await volume.publish({});
    await vi.waitFor(() => expect(loading.check().reason).toContain('does not exist'));
    expect(loading.check()).toMatchObject({ ok: true, reason: expect.stringContaining('cart epoch 7') });
    expect(loading.current?.epoch).toBe(7);
    await publish(exampleTopology({ epoch: 8 }));
    await vi.waitFor(() => expect(loading.check()).toEqual({ ok: true, reason: 'cart epoch 8' }));
    expect(await metric('motif_topology_refused')).toBe(0);
    expect(lines.filter((line) => line.includes('"topology refused"')).length).toBeGreaterThanOrEqual(2);
  });

  test('a file that lies in place is reread too, and a folder that was replaced is found by the poll', async () => {
    await publish(exampleTopology({ epoch: 1 }));
    const loading = load();
    await vi.waitFor(() => expect(loading.current?.epoch).toBe(1));
    await writeFile(join(volume.folder, 'topology.json'), serializeTopology(exampleTopology({ epoch: 2 })));
    await vi.waitFor(() => expect(loading.current?.epoch).toBe(2));
    volume.destroy();
    await publish(exampleTopology({ epoch: 9 }));
    await vi.waitFor(() => expect(loading.current?.epoch).toBe(9));
    await publish(exampleTopology({ epoch: 10 }));
    await vi.waitFor(() => expect(loading.current?.epoch).toBe(10));
  });

  test('a listener that throws keeps neither others nor later reloads from happening', async () => {
    await publish(exampleTopology({ epoch: 1 }));
    const loading = load();
    const seen: number[] = [];
    loading.subscribe(() => {
      throw new Error('cannot');
    });
    loading.subscribe(({ epoch }) => seen.push(epoch));
    await vi.waitFor(() => expect(seen).toEqual([1]));
    await publish(exampleTopology({ epoch: 2 }));
    await vi.waitFor(() => expect(seen).toEqual([1, 2]));
  });

  test('an unchanged file is not parsed again', async () => {
    await publish(exampleTopology({ epoch: 1 }));
    const loading = load(5);
    await vi.waitFor(() => expect(loading.current?.epoch).toBe(1));
    const held = loading.current;
    await systemClock.sleep(50);
    expect(loading.current).toBe(held);
    expect(await registry.metrics()).toContain('motif_topology_loads_total{result="accepted"} 1');
  });
});
