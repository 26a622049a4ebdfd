import { readFileSync } from 'node:fs';
import { createRendezvous } from '@motif/api';
import { compileKey } from '@motif/api/expressions';
import { type PlainRequest, requestView } from '@motif/api/expressions/testing';
import type { KeyVectors } from '@motif/api/expressions/vectors';
import { exampleHttpTopology } from '@motif/api/topology/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findersOf } from './finders.ts';
import { KeyRouter, type KeyRouterOptions } from './router.ts';
import { headOf } from './testing.ts';

const vectors: KeyVectors = JSON.parse(
  readFileSync(new URL('../../../../api/vectors/keys-v1.json', import.meta.url), 'utf8'),
);

function routerOf(key: readonly string[], options: KeyRouterOptions = {}): KeyRouter {
  const sharding = { algorithm: 'rendezvous' as const, hash: 'rendezvous/v1' as const, key: [...key] };
  return new KeyRouter(exampleHttpTopology({ sharding }), options);
}

/** The key's bytes as latin1 and its shard; undefined when the request is refused. */
function routed(router: KeyRouter, request: PlainRequest): { key: string; shard: number } | undefined {
  const body = request.body === undefined ? undefined : Buffer.from(request.body, 'utf8');
  const shard = router.route(headOf(request), request.ip ?? '192.0.2.1', body);
  if (shard === -1) return undefined;
  return { key: router.keyBuffer.toString('latin1', router.keyStart, router.keyEnd), shard };
}

describe('keys of requests as they come over the wire', () => {
  it.each(vectors.keys)('are those of the published vectors: $key $request', ({ key, request, bytes, owner }) => {
    const router = routerOf(key, { countryOf: () => request.country });
    const found = routed(router, request);
    expect(found?.key).toBe(bytes === null ? undefined : Buffer.from(bytes, 'hex').toString('latin1'));
    expect(found === undefined ? null : `cart-${found.shard}`).toBe(owner);
    if (bytes === null) expect(router.refusal).toMatchObject({ status: 400, code: 'NoShardKey' });
  });

  const letters = fc.constantFrom(
    'a',
    'b',
    'ab',
    'id',
    '',
    '=',
    ';',
    ' ',
    '/',
    '?',
    '&',
    '%41',
    'A',
    'id=',
    'a=b',
    '\xe9',
  );
  const text = fc.array(letters, { maxLength: 8 }).map((parts) => parts.join(''));
  const request: fc.Arbitrary<PlainRequest> = fc.record({
    method: fc.constantFrom('GET', 'POST'),
    target: fc.tuple(fc.constantFrom('/', 'http://h.example', 'http://h.example/'), text).map(([before, after]) => {
      const safe = after.replaceAll(/[ \xe9]/g, '');
      return before === 'http://h.example' && !/^[/?]?$|^[/?]/.test(safe) ? `${before}/${safe}` : before + safe;
    }),
    headers: fc.array(fc.tuple(fc.constantFrom('Cookie', 'cookie', 'Id', 'ID', 'X-Id'), text), { maxLength: 4 }),
  });
  const part = fc.constantFrom(
    ...['header:id', 'header:cookie', 'cookie:id', 'cookie:a', 'query:id', 'query:a', 'path', 'uri', 'host', 'method'],
    ...['path[0]', 'path[1]', 'path[2]', 'ip', '"fixed"'],
  );
  const key = fc.array(
    fc.array(part, { minLength: 1, maxLength: 2 }).map((parts) => parts.join(' + ')),
    { minLength: 1, maxLength: 3 },
  );

  it('are those of the reference, whatever is sent', () => {
    const locator = createRendezvous(exampleHttpTopology().shards);
    fc.assert(
      fc.property(key, request, (expressions, sent) => {
        const wanted = compileKey(expressions).evaluate(requestView(withHost(sent)));
        const found = routed(routerOf(expressions), sent);
        expect(found?.key).toBe(wanted);
        if (wanted === undefined) return;
        expect(found?.shard).toBe(locator.pick(Buffer.from(wanted, 'latin1'), 0, wanted.length));
      }),
      { numRuns: 3000 },
    );
  });
});

function withHost(request: PlainRequest): PlainRequest {
  return { ...request, headers: [...(request.headers ?? []), ['Host', 'shop.example']] };
}

describe('the way of a key', () => {
  it('is that of its bytes in the request where nothing has to be made of them', () => {
    for (const plain of [['header:x'], ['cookie:a', 'query:b', 'uri'], ['path[1] + "x"', 'host + method', 'path']]) {
      expect(findersOf(plain), plain.join()).toHaveLength(plain.length);
    }
    for (const made of [['header:x + ip'], ['uri', 'country(ip)'], ['json:a']]) {
      expect(findersOf(made), made.join()).toBeUndefined();
    }
    const router = routerOf(['header:x-user']);
    const head = headOf({ headers: [['X-User', 'alice']] });
    router.route(head, '');
    expect(router.keyBuffer).toBe(head.buffer);
  });

  it('takes keys longer than it had room for', () => {
    const long = 'x'.repeat(20_000);
    const router = routerOf(['header:a + header:b']);
    const found = routed(router, { headers: [['A', long], ['B', 'b']] }); // biome-ignore format: one request
    expect(found?.key).toBe(`\0\0\x4e\x20${long}\0\0\0\x01b`);
  });

  it('names the expressions to a client whose request has none of them', () => {
    const router = routerOf(['header:x-user', 'cookie:uid']);
    expect(router.route(headOf({}), '')).toBe(-1);
    expect(router.refusal).toEqual({
      status: 400,
      code: 'NoShardKey',
      message: 'the request has none of what its shard is chosen by: header:x-user, or cookie:uid',
    });
  });
});

describe('country(ip)', () => {
  it('asks for the client that trusted proxies name', () => {
    const sharding = { algorithm: 'rendezvous' as const, hash: 'rendezvous/v1' as const, key: ['country(ip)'] };
    const topology = exampleHttpTopology({
      sharding,
      trustedProxies: ['10.0.0.0/8'],
    });
    const router = new KeyRouter(topology, { countryOf: (address) => (address === '203.0.113.9' ? 'DE' : 'XX') });
    router.route(headOf({ headers: [['X-Forwarded-For', '203.0.113.9']] }), '10.1.2.3');
    expect(router.keyBuffer.toString('latin1', router.keyStart, router.keyEnd)).toBe('DE');
  });

  it('is not answered without a database: the key of another expression would put the request on another shard', () => {
    let known = false;
    const router = routerOf(['country(ip)', 'path'], { countryOf: () => 'DE', countriesKnown: () => known });
    expect(router.route(headOf({}), '192.0.2.1')).toBe(-1);
    expect(router.refusal).toMatchObject({ status: 503, code: 'NoGeoDatabase' });
    known = true;
    expect(router.route(headOf({}), '192.0.2.1')).toBeGreaterThanOrEqual(0);
  });
});
