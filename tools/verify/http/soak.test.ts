import type { AddressInfo } from 'node:net';
import { HttpServer } from '@motif/chassis/http/server';
import { Registry, silentLogger, systemClock } from '@motif/kit';
import { seededRandom } from '@motif/kit/testing';
import { expect, it } from 'vitest';
import { Pods, type SoakFigures, soakClient } from './soak.ts';

it('topology changes of every kind under load lose nothing and do nothing twice', async () => {
  const random = seededRandom(7);
  const pods = await Pods.start(3, random);
  const server = new HttpServer({
    listen: { host: '127.0.0.1', port: 0 },
    registry: new Registry(),
    logger: silentLogger(),
    clock: systemClock,
    random,
  });
  const figures: SoakFigures = { requests: 0, answered: 0, lost: 0, wrong: 0, errors: new Map() };
  let over = false;
  try {
    await server.apply(pods.nextTopology());
    const { port } = server.address() as AddressInfo;
    const clients = Array.from({ length: 8 }, (_, i) => soakClient(port, i, random, figures, () => over));
    const kinds = new Set<string>();
    for (let i = 0; i < 10 || kinds.size < 4; i++) kinds.add(await pods.change(server));
    over = true;
    await Promise.all(clients);
  } finally {
    server.close();
    await pods.stop();
  }
  expect([...figures.errors]).toEqual([]);
  expect(figures.answered).toBe(figures.requests);
  expect(figures.requests).toBeGreaterThan(100);
  expect(pods.twice).toBe(0);
});
