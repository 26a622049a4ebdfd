import type { PlainRequest } from '@motif/api/expressions/testing';
import { exampleHttpTopology } from '@motif/api/topology/testing';
import { describe, expect, it } from 'vitest';
import { KeyRouter } from './router.ts';
import { headOf } from './testing.ts';

function routerOf(...key: string[]): KeyRouter {
  const sharding = { algorithm: 'rendezvous' as const, hash: 'rendezvous/v1' as const, key };
  return new KeyRouter(exampleHttpTopology({ sharding }), { jsonLimit: 100, countryOf: () => undefined });
}

const post = (headers: PlainRequest['headers'] = [], body?: string): PlainRequest => ({
  method: 'POST',
  headers,
  ...(body === undefined ? {} : { body }),
});

describe('how much of a body a json: key asks for', () => {
  it('is all of it, up to the limit', () => {
    const router = routerOf('json:id');
    expect(router.bodyBytes(headOf(post([], '{"id": 1}')), '')).toBe(9);
    expect(router.bodyBytes(headOf(post([], 'x'.repeat(100))), '')).toBe(100);
    expect(router.bodyBytes(headOf(post([], 'x'.repeat(101))), '')).toBe(-1);
    expect(router.refusal).toEqual({
      status: 413,
      code: 'BodyTooLarge',
      message: "the shard's key is in the body, and of bodies at most 100 bytes are looked at",
    });
  });

  it('is one byte more than the limit for chunks, so that a longer body shows', () => {
    const router = routerOf('json:id');
    const chunked = headOf(post([['Transfer-Encoding', 'chunked']]));
    expect(router.bodyBytes(chunked, '')).toBe(101);
    expect(router.route(chunked, '', Buffer.from('{"id": 7}'))).toBeGreaterThanOrEqual(0);
    expect(router.route(chunked, '', Buffer.alloc(101))).toBe(-1);
    expect(router.refusal).toMatchObject({ status: 413, code: 'BodyTooLarge' });
  });

  it('is nothing where there is no body, or another expression comes first', () => {
    expect(routerOf('json:id').bodyBytes(headOf({}), '')).toBe(0);
    const router = routerOf('header:x-user', 'json:id');
    expect(router.bodyBytes(headOf(post([['X-User', 'a']], 'x'.repeat(500))), '')).toBe(0);
    expect(router.bodyBytes(headOf(post([], '{}')), '')).toBe(2);
  });

  it('is nothing where the rest of the expression is missing anyway', () => {
    const router = routerOf('json:id + header:x-user', 'uri');
    expect(router.bodyBytes(headOf(post([], 'x'.repeat(500))), '')).toBe(0);
    const country = routerOf('country(ip)', 'json:id');
    expect(country.bodyBytes(headOf(post([], '{"id": 1}')), '192.0.2.1')).toBe(9);
  });

  it('is nothing for files and forms', () => {
    const router = routerOf('json:id', 'uri');
    for (const type of ['multipart/form-data; boundary=x', 'image/png', 'Application/Octet-Stream']) {
      expect(router.bodyBytes(headOf(post([['Content-Type', type]], 'x'.repeat(500))), ''), type).toBe(0);
    }
    // What curl and fetch say of JSON unless they are told.
    for (const type of ['application/x-www-form-urlencoded', 'text/plain;charset=UTF-8', 'application/ld+json']) {
      expect(router.bodyBytes(headOf(post([['Content-Type', type]], '{}')), ''), type).toBe(2);
    }
  });

  it.each([
    ['gzip', -1],
    ['identity, br', -1],
    ['identity', 2],
    ['', 2],
  ])('with Content-Encoding %j is %i', (coding, bytes) => {
    const router = routerOf('json:id', 'uri');
    expect(router.bodyBytes(headOf(post([['Content-Encoding', coding]], '{}')), '')).toBe(bytes);
    if (bytes === -1) expect(router.refusal).toMatchObject({ status: 415, code: 'BodyCompressed' });
  });
});

it('a body that is no JSON has no key: the next expression has its turn, or the request is refused', () => {
  const request = headOf(post([], 'id=7'));
  expect(routerOf('json:id').route(request, '', Buffer.from('id=7'))).toBe(-1);
  const router = routerOf('json:id', 'path');
  expect(router.route(request, '', Buffer.from('id=7'))).toBeGreaterThanOrEqual(0);
  expect(router.keyBuffer.toString('latin1', router.keyStart, router.keyEnd)).toBe('/');
});
