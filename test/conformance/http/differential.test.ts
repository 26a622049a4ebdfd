import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requestCases } from './cases/requests.ts';
import { responseCases } from './cases/responses.ts';
import { llhttpRequests, llhttpResponses } from './llhttp.ts';
import { ours as read } from './ours.ts';
import { answerThrough, outcomeOf } from './outcome.ts';
import { type Peer, startNode, startOurs } from './peers.ts';
import { shortly } from './understood.ts';

let ours: Peer;
let node: Peer;
beforeAll(async () => {
  [ours, node] = await Promise.all([startOurs(), startNode()]);
});
afterAll(async () => {
  await Promise.all([ours?.close(), node?.close()]);
});

describe('requests', () => {
  test.each(requestCases)('$name', async (one) => {
    expect(await outcomeOf(ours, one.text)).toBe(one.ours);
    expect(await outcomeOf(node, one.text)).toBe(one.node ?? one.ours);
  });

  test.each(requestCases)('$name: the parser alone says the same, cut anywhere', ({ text, ours: expected }) => {
    const bytes = Buffer.from(text, 'latin1');
    for (const cuts of [[], [...bytes.keys()]]) {
      const { messages, end, why } = read(bytes, { kind: 'requests' }, cuts);
      const bodies = messages.filter(({ whole }) => whole).map(({ body }) => body);
      const refused = /refused (\d+)/.exec(expected)?.[1];
      expect([bodies, end === 'refused' ? why.slice(0, 3) : undefined]).toEqual([bodiesIn(expected), refused]);
    }
  });
});

describe('responses', () => {
  test.each(responseCases)('$name', async ({ method = 'GET', text, ours: expected, direct }) => {
    const received = await answerThrough(ours, method, text);
    expect(shortly(llhttpResponses(Buffer.from(received, 'latin1'), method))).toBe(expected);
    expect(shortly(llhttpResponses(Buffer.from(text, 'latin1'), method))).toBe(direct ?? expected);
  });
});

describe('the tables', () => {
  test('say why wherever somebody differs, and only there', () => {
    const differing = requestCases.filter(({ nginx, node: other }) => nginx !== undefined || other !== undefined);
    expect(requestCases.filter(({ why }) => why !== undefined)).toEqual(differing);
    const responses = responseCases.filter(({ nginx, direct }) => nginx !== undefined || direct !== undefined);
    expect(responseCases.filter(({ why }) => why !== undefined)).toEqual(responses);
  });

  test('never have us understand another message than a peer that takes it too', () => {
    for (const { name, ours: mine, nginx = mine, node: other = mine } of requestCases) {
      for (const theirs of [nginx, other]) {
        if (mine.includes('refused') || /refused|closed|waits/.test(theirs)) continue;
        expect([name, withoutAuthority(theirs)]).toEqual([name, mine]);
      }
    }
  });

  test('have names of their own', () => {
    expect(new Set(requestCases.map(({ name }) => name)).size).toBe(requestCases.length);
    expect(new Set(responseCases.map(({ name }) => name)).size).toBe(responseCases.length);
  });
});

test('llhttp, asked without a connection, says what node:http says', () => {
  const bytes = Buffer.from('POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\nA\r\n');
  expect(llhttpRequests(bytes)).toMatchObject({
    messages: [{ start: 'POST', target: '/x', body: 'abc', whole: true }],
    end: 'refused',
  });
});

/** The bodies in `POST /x "abc" + GET /y`. */
function bodiesIn(outcome: string): string[] {
  const requests = outcome.split(' + ').filter((part) => /^[A-Za-z]+ [/*]/.test(part));
  return requests.map((part) =>
    part.includes('"') && part.endsWith('"') ? JSON.parse(part.slice(part.indexOf('"'))) : '',
  );
}

/** node:http gives an absolute target to its user as it is. */
function withoutAuthority(outcome: string): string {
  return outcome.replace(/http:\/\/b\?/, '/?').replace('http://b', '');
}
