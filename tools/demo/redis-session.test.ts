import { afterEach, describe, expect, it } from 'vitest';
import { RedisSession } from './redis-session.ts';

/** A stand-in that answers like redis-cli in a pipe: one line a reply, an empty one after an error. */
const CLI = `
  const { createInterface } = require('node:readline');
  createInterface({ input: process.stdin }).on('line', (line) => {
    if (line === 'QUIT') process.exit(3);
    console.log(line === 'BAD' ? 'ERR shard cart-1 is not reachable\\n' : 'value of ' + line);
  });`;

describe('a redis-cli over a pipe', () => {
  let session: RedisSession | undefined;
  afterEach(() => session?.close());
  const open = () => {
    session = new RedisSession([process.execPath, '-e', CLI], () => performance.now());
    return session;
  };

  it('gives each command its own reply, in order', async () => {
    const cli = open();
    const replies = await Promise.all(['a', 'b', 'c'].map((key) => cli.send(key)));
    expect(replies.map(({ text }) => text)).toEqual(['value of a', 'value of b', 'value of c']);
    expect(replies.every(({ error }) => !error)).toBe(true);
  });

  it('tells an error apart and does not take the empty line after it for a reply', async () => {
    const cli = open();
    const [first, bad, last] = await Promise.all(['a', 'BAD', 'c'].map((key) => cli.send(key)));
    expect([first?.error, bad?.error, last?.error]).toEqual([false, true, false]);
    expect(last?.text).toBe('value of c');
  });

  it('rejects what was not answered when redis-cli ends', async () => {
    await expect(open().send('QUIT')).rejects.toThrow('redis-cli ended with 3');
  });
});
