import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTopology, serializeTopology, TopologyError } from './document.ts';
import { exampleHttpTopology, exampleTopology } from './testing.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test that breaks documents must get around their type
type Loose = any;

/** The same value with each object's keys in another order. */
function shuffled(value: unknown, random: () => number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, random));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => ({ key, item: shuffled(item, random), at: random() }));
  return Object.fromEntries(entries.toSorted((a, b) => a.at - b.at).map(({ key, item }) => [key, item]));
}

function parsed(change: (document: Loose) => void): () => unknown {
  const document: Loose = structuredClone(exampleTopology());
  change(document);
  return () => parseTopology(JSON.stringify(document));
}

describe('the topology document', () => {
  it('comes back as it was', () => {
    const full = exampleTopology({
      auth: { username: true, password: true },
      clientAuth: [{ username: 'app', passwordFile: 'client-0-password' }],
    });
    expect(parseTopology(serializeTopology(full))).toEqual(full);
  });

  it('has one text for one content, whatever order its fields came in', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (stream) => {
        const random = (): number => stream.next().value;
        const other = shuffled(exampleTopology(), random) as ReturnType<typeof exampleTopology>;
        expect(serializeTopology(other)).toBe(serializeTopology(exampleTopology()));
      }),
      { numRuns: 30 },
    );
  });

  it('sorts endpoints by name and keeps the order of shards', () => {
    const document = exampleTopology();
    const [first] = document.shards;
    const endpoint = first!.endpoints[0]!;
    first!.endpoints = [{ ...endpoint, name: 'cart-0-1' }, endpoint];
    const names = parseTopology(serializeTopology(document)).shards[0]!.endpoints.map(({ name }) => name);
    expect(names).toEqual(['cart-0-0', 'cart-0-1']);
  });

  it('may lack an ip, and auth and clientAuth', () => {
    expect(parsed((d) => delete d.shards[0].endpoints[0].ip)).not.toThrow();
    expect('auth' in parseTopology(serializeTopology(exampleTopology()))).toBe(false);
  });

  it('may hold fields of a newer operator, which are left out', () => {
    const document = { ...exampleTopology(), tomorrow: { x: 1 } };
    expect(parseTopology(JSON.stringify(document))).toEqual(exampleTopology());
  });

  it.each<[string, string, (d: Loose) => void]>([
    ['apiVersion', 'apiVersion: found "motif.dev/topology/v2"', (d) => (d.apiVersion = 'motif.dev/topology/v2')],
    ['a missing field', 'epoch: found nothing', (d) => delete d.epoch],
    ['epoch 0', 'epoch: found 0', (d) => (d.epoch = 0)],
    ['a broken port', 'shards[1].endpoints[0].port: found 70000', (d) => (d.shards[1].endpoints[0].port = 70000)],
    ['a broken ip', 'shards[0].endpoints[0].ip: found "10.0.0"', (d) => (d.shards[0].endpoints[0].ip = '10.0.0')],
    ['a weight too large', 'shards[2].weight: found 32768', (d) => (d.shards[2].weight = 32768)],
    ['no shards', 'shards: found []', (d) => (d.shards = [])],
    ['an unknown algorithm', 'sharding.algorithm: found "ketama"', (d) => (d.sharding.algorithm = 'ketama')],
    ['a duration without a unit', 'failure.timeout: found "1"', (d) => (d.failure.timeout = '1')],
    ['a repeated shard', 'shards[1].name: found "cart-0"', (d) => (d.shards[1].name = 'cart-0')],
    ['a hash name taken', 'shards[2].hashName: found "cart-1"', (d) => (d.shards[2].hashName = 'cart-1')],
    [
      'a file outside of the directory',
      'clientAuth[0].passwordFile: found "../token"',
      (d) => (d.clientAuth = [{ username: 'app', passwordFile: '../token' }]),
    ],
  ])('is refused with %s, naming the field and what was found', (_, message, change) => {
    expect(parsed(change)).toThrow(TopologyError);
    expect(parsed(change)).toThrow(message);
  });

  it.each<[string, string, (d: Loose) => void]>([
    ['an unknown protocol', 'protocol: found "tcp", expected one of "redis", "http"', (d) => (d.protocol = 'tcp')],
    ['no key', 'sharding.key: found []', (d) => (d.sharding.key = [])],
    ['an unknown algorithm', 'sharding.algorithm: found "maglev"', (d) => (d.sharding.algorithm = 'maglev')],
    [
      'a bad expression',
      'sharding.key[1]: found "host + x", at 7, after "host + "',
      (d) => (d.sharding.key[1] = 'host + x'),
    ],
    ['no database', 'sharding.key[0]: found "country(ip)", expected a geo', (d) => (d.sharding.key = ['country(ip)'])],
    ['a map without entries', 'sharding.map: found nothing', (d) => (d.sharding.algorithm = 'map')],
    [
      'a map of a shard that is not there',
      'sharding.map[0].shard: found 3, expected an index below 3',
      (d) => Object.assign(d.sharding, { algorithm: 'map', map: [{ value: 'DE', shard: 3 }] }),
    ],
    ['a bound of no use', 'sharding.boundedLoadPercent: found 100', (d) => (d.sharding.boundedLoadPercent = 100)],
    ['a proxy that is no network', 'trustedProxies[0]: found "10.0.0.1"', (d) => (d.trustedProxies = ['10.0.0.1'])],
    ['a database elsewhere', 'geoDatabase.file: found "/etc/passwd"', (d) => (d.geoDatabase = { file: '/etc/passwd' })],
    [
      'a database reached by a detour',
      'geoDatabase.file: found "/etc/motif/geo/../x"',
      (d) => (d.geoDatabase = { file: '/etc/motif/geo/../x' }),
    ],
  ])('for http is refused with %s', (_, message, change) => {
    const document: Loose = exampleHttpTopology();
    change(document);
    expect(() => parseTopology(JSON.stringify(document))).toThrow(message);
  });

  it('for http comes back as it was, and knows nothing of redis', () => {
    const full = exampleHttpTopology({
      sharding: {
        algorithm: 'range',
        hash: 'rendezvous/v1',
        key: ['country(ip)'],
        range: [
          { from: '', shard: 0 },
          { from: 'N', shard: 2 },
        ],
        boundedLoadPercent: 125,
      },
      hedge: { afterPercentile: 95, budgetPercent: 5 },
      trustedProxies: ['10.0.0.0/8', 'fd00::/8'],
      geoDatabase: { file: '/etc/motif/geo/GeoLite2-Country.mmdb' },
    });
    const text = serializeTopology(full);
    expect(parseTopology(text)).toEqual(full);
    expect(parseTopology(text.replace('"protocol"', '"redis": {}, "hashTag": 1, "protocol"'))).toEqual(full);
  });

  it.each(['', '{', 'null', '[]', '"x"'])('is refused when the file holds %j', (text) => {
    expect(() => parseTopology(text)).toThrow(expect.objectContaining({ code: 'TopologyInvalid' }));
  });

  it('is never written broken', () => {
    expect(() => serializeTopology(exampleTopology({ epoch: -1 }))).toThrow(TopologyError);
  });
});
