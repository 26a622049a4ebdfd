import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requestCases } from '../../conformance/http/cases/requests.ts';
import { responseCases } from '../../conformance/http/cases/responses.ts';
import { llhttpResponses } from '../../conformance/http/llhttp.ts';
import { answerThrough, outcomeOf } from '../../conformance/http/outcome.ts';
import { type Peer, startNginx } from '../../conformance/http/peers.ts';
import { shortly } from '../../conformance/http/understood.ts';

// What our proxy and node:http make of the same messages is a unit test; this shows that the tables are right about nginx.
let nginx: Peer;
beforeAll(async () => {
  nginx = await startNginx();
});
afterAll(() => nginx?.close());

describe('nginx', () => {
  test.each(requestCases)('request: $name', async ({ text, ours, nginx: expected = ours }) => {
    expect(await outcomeOf(nginx, text)).toBe(expected);
  });

  test.each(responseCases)('response: $name', async ({ method = 'GET', text, ours, nginx: expected = ours }) => {
    const received = await answerThrough(nginx, method, text);
    expect(shortly(llhttpResponses(Buffer.from(received, 'latin1'), method))).toBe(expected);
  });
});
