import type { Random } from '@motif/kit';
import { seededRandom } from '@motif/kit/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Balanced, Balancer } from './balancer.ts';
import { EndpointHealth } from './endpoint-health.ts';

const OPTIONS = { ejectAfter: 3, retryAfterMs: 5000, maxRetryMs: 60_000, recoverMs: 2000 };

class Endpoint implements Balanced {
  inFlight = 0;
  readonly name: number;
  readonly health: EndpointHealth;

  constructor(name: number, random: Random) {
    this.name = name;
    this.health = new EndpointHealth(OPTIONS, random);
  }
}

function setOf(count: number, seed = 1): { balancer: Balancer<Endpoint>; endpoints: Endpoint[]; random: Random } {
  const random = seededRandom(seed);
  const balancer = new Balancer<Endpoint>(random);
  const endpoints = Array.from({ length: count }, (_, name) => new Endpoint(name, random));
  balancer.set(endpoints);
  return { balancer, endpoints, random };
}

/** How often each endpoint is picked in a thousand. */
function shares(balancer: Balancer<Endpoint>, now: number, count: number): number[] {
  const picked = Array.from({ length: count }, () => 0);
  for (let i = 0; i < 1000; i++) {
    const { name } = balancer.pick(now) as Endpoint;
    picked[name] = (picked[name] as number) + 1;
  }
  return picked;
}

function fail(balancer: Balancer<Endpoint>, endpoint: Endpoint, now: number, times = OPTIONS.ejectAfter): void {
  for (let i = 0; i < times; i++) balancer.failed(endpoint, now);
}

describe('Balancer', () => {
  it('has nobody to pick in an empty set, and always the one in a set of one', () => {
    expect(setOf(0).balancer.pick(0)).toBeUndefined();
    const { balancer, endpoints } = setOf(1);
    fail(balancer, endpoints[0] as Endpoint, 0, 50);
    expect(balancer.pick(0)).toBe(endpoints[0]);
    expect([balancer.ejected, balancer.panic]).toEqual([0, false]);
  });

  it('is even among the idle, and never picks the most loaded of a set', () => {
    const { balancer, endpoints } = setOf(4);
    for (const share of shares(balancer, 0, 4)) expect(Math.abs(share - 250)).toBeLessThan(60);
    (endpoints[2] as Endpoint).inFlight = 1;
    expect(shares(balancer, 0, 4)[2]).toBe(0);
  });

  it('gives a slow endpoint less, unmeasured', () => {
    const { balancer, random } = setOf(3);
    const sent = [0, 0, 0];
    const ends: { at: number; endpoint: Endpoint }[] = [];
    for (let now = 0; now < 20_000; now++) {
      for (const one of ends.filter(({ at }) => at <= now)) {
        one.endpoint.inFlight--;
        ends.splice(ends.indexOf(one), 1);
      }
      const endpoint = balancer.pick(now) as Endpoint;
      endpoint.inFlight++;
      sent[endpoint.name] = (sent[endpoint.name] as number) + 1;
      ends.push({ at: now + (endpoint.name === 0 ? 100 : 10) * (0.5 + random()), endpoint });
    }
    expect(sent[0]).toBeLessThan(0.15 * 20_000);
  });

  it('leaves out an endpoint after failures in a row, asks it again once when that is due, and takes it back step by step', () => {
    const { balancer, endpoints } = setOf(3);
    const bad = endpoints[0] as Endpoint;
    fail(balancer, bad, 0, 2);
    balancer.answered(bad, 500, 0);
    fail(balancer, bad, 0, 2);
    expect(balancer.ejected).toBe(0);
    balancer.answered(bad, 503, 0);
    expect(balancer.ejected).toBe(1);
    expect(shares(balancer, 1000, 3)[0]).toBe(0);
    const due = bad.health.circuit.probeAt;
    // An answer to what was sent before does not bring it back.
    balancer.answered(bad, 200, 1000);
    expect(balancer.ejected).toBe(1);
    expect(shares(balancer, due, 3)[0]).toBe(1);
    balancer.failed(bad, due);
    expect(shares(balancer, due + 7000, 3)[0]).toBe(0);
    const again = bad.health.circuit.probeAt;
    expect(balancer.pick(again)).toBe(bad);
    balancer.abandoned(bad);
    expect(balancer.pick(again)).toBe(bad);
    balancer.answered(bad, 200, again);
    expect(balancer.ejected).toBe(0);
    expect(shares(balancer, again, 3)[0]).toBeLessThan(80);
    const half = shares(balancer, again + 1000, 3)[0] as number;
    expect(half).toBeGreaterThan(100);
    expect(half).toBeLessThan(250);
    expect(shares(balancer, again + 2000, 3)[0]).toBeGreaterThan(270);
  });

  it('leaves out one that fails most of the time though never in a row, while the others do not', () => {
    const { balancer, endpoints } = setOf(3);
    const bad = endpoints[1] as Endpoint;
    for (let i = 0; i < 60; i++) {
      const fine = i % 3 === 0;
      if (fine) balancer.answered(bad, 200, i);
      else balancer.failed(bad, i);
      balancer.answered(endpoints[0] as Endpoint, 200, i);
    }
    expect(balancer.ejected).toBe(1);
    expect(shares(balancer, 60, 3)[1]).toBe(0);
    const all = setOf(3);
    for (let i = 0; i < 60; i++) {
      for (const endpoint of all.endpoints) {
        if (i % 3 === 0) all.balancer.answered(endpoint, 200, i);
        else all.balancer.failed(endpoint, i);
      }
    }
    expect(all.balancer.ejected).toBe(0);
  });

  it('never leaves out more than half, says so, and lets go of more when the set shrinks', () => {
    const { balancer, endpoints } = setOf(4);
    for (const endpoint of endpoints.slice(0, 2)) fail(balancer, endpoint, 0);
    expect([balancer.ejected, balancer.panic]).toEqual([2, false]);
    fail(balancer, endpoints[2] as Endpoint, 0, 10);
    expect([balancer.ejected, balancer.panic]).toEqual([2, true]);
    balancer.answered(endpoints[2] as Endpoint, 200, 0);
    expect(balancer.panic).toBe(false);
    balancer.set(endpoints.slice(0, 2));
    expect([balancer.ejected, balancer.panic]).toEqual([1, true]);
    expect(shares(balancer, 0, 2).filter((share) => share > 0)).toEqual([1000]);
  });

  it('tells an endpoint that fails from a shard that does', () => {
    const { balancer, endpoints } = setOf(2);
    const [a, b] = endpoints as [Endpoint, Endpoint];
    fail(balancer, a, 0, 10);
    expect(balancer.allFailing).toBe(false);
    balancer.failed(b, 0);
    expect(balancer.allFailing).toBe(true);
    balancer.answered(b, 404, 0);
    expect(balancer.allFailing).toBe(false);
  });

  it('picks another for a retry, the least loaded, none when all were tried', () => {
    const { balancer, endpoints } = setOf(3);
    const [a, b, c] = endpoints as [Endpoint, Endpoint, Endpoint];
    b.inFlight = 5;
    expect(balancer.pickOther([a])).toBe(c);
    expect(balancer.pickOther([a, c])).toBe(b);
    expect(balancer.pickOther([a, b, c])).toBeUndefined();
    fail(balancer, b, 0);
    expect(balancer.pickOther([a, c])).toBeUndefined();
  });

  it('whatever happens, picks from the set, and leaves out at most half', () => {
    const step = fc.record({ what: fc.constantFrom('good', 'bad', 'gone', 'set'), after: fc.nat(3000), n: fc.nat(6) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.integer(), (steps, seed) => {
        const { balancer, endpoints } = setOf(7, seed);
        let set = endpoints;
        let now = 0;
        for (const { what, after, n } of steps) {
          now += after;
          if (what === 'set') {
            set = endpoints.filter((_, i) => (i + n) % 7 <= n);
            balancer.set(set);
          }
          const picked = balancer.pick(now);
          expect(set).toContain(picked);
          if (what === 'good') balancer.answered(picked as Endpoint, 200, now);
          else if (what === 'bad') balancer.failed(picked as Endpoint, now);
          else balancer.abandoned(picked as Endpoint);
          expect(balancer.ejected).toBeLessThanOrEqual(Math.floor(set.length / 2));
        }
      }),
    );
  });
});
