import { describe, expect, it } from 'vitest';
import { deliverTo, type Fetch } from './deliver.ts';

/** What a delivery came to when the collector answers this, and what it was asked. */
async function delivered(answer: () => Response) {
  const asked: { url: string; init: RequestInit }[] = [];
  const ask: Fetch = async (url, init) => {
    asked.push({ url, init });
    return answer();
  };
  const deliver = deliverTo({ endpoint: 'http://collector:4318/', headers: { 'x-tenant': 'a' }, fetch: ask });
  return { delivery: await deliver('{}'), ...asked[0]! };
}

describe('a delivery', () => {
  it('is a POST of JSON to /v1/traces with the headers of the settings', async () => {
    const { delivery, url, init } = await delivered(() => new Response('{}'));
    expect(delivery).toEqual({ result: 'ok', rejected: 0 });
    expect(url).toBe('http://collector:4318/v1/traces');
    expect(init).toMatchObject({
      method: 'POST',
      body: '{}',
      headers: { 'x-tenant': 'a', 'content-type': 'application/json' },
      redirect: 'error',
    });
  });

  it.each([
    [200, '{"partialSuccess":{"rejectedSpans":"3","errorMessage":"old"}}', {}, { result: 'ok', rejected: 3 }],
    [200, 'fine', {}, { result: 'ok', rejected: 0 }],
    [429, 'slow down', { 'retry-after': '7' }, { result: 'retry', afterMs: 7000 }],
    [503, '', {}, { result: 'retry' }],
    [400, 'bad span', {}, { result: 'refused', reason: 'the collector answered 400: bad span' }],
    [500, '', { 'retry-after': '7' }, { result: 'refused' }],
  ])('answered with %i %j is judged', async (status, body, headers, wanted) => {
    const { delivery } = await delivered(() => new Response(body, { status, headers: new Headers(headers) }));
    expect(delivery).toMatchObject(wanted);
    if (status === 503) expect(delivery).not.toHaveProperty('afterMs');
  });

  it('that cannot be made may be tried again', async () => {
    const { delivery } = await delivered(() => {
      throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
    });
    expect(delivery).toEqual({ result: 'retry', reason: 'fetch failed: connect ECONNREFUSED' });
  });
});
