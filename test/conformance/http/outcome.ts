import { type Peer, SENTINEL } from './peers.ts';

const BEHIND = `GET ${SENTINEL} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
/** Whoever says nothing for so long waits for more bytes. */
const SILENCE_MS = 700;

/**
 * Sends the bytes of a case and one more request to a peer.
 * @returns the requests that it understood, without the last one; then `refused <status>`, `closed` (without a word), `waits`
 *   (for more, having taken the last request for a part of the case) or nothing
 */
export async function outcomeOf(peer: Peer, text: string): Promise<string> {
  peer.seen.length = 0;
  peer.answer = undefined;
  const { received, silent } = await exchange(peer, text + BEHIND);
  const seen = [...peer.seen];
  const whole = seen.at(-1) === `GET ${SENTINEL}`;
  if (whole) seen.pop();
  const refusal = /HTTP\/1\.1 ([45]\d\d)/.exec(received)?.[1];
  if (refusal !== undefined) seen.push(`refused ${refusal}`);
  else if (!whole) seen.push(silent ? 'waits' : 'closed');
  return seen.join(' + ');
}

/**
 * Sends one request to a proxy whose backend answers with these bytes and closes.
 * @returns what the client received, all of it
 */
export async function answerThrough(peer: Peer, method: string, answer: string): Promise<string> {
  peer.seen.length = 0;
  peer.answer = answer;
  const { received } = await exchange(peer, `${method} /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  return received;
}

function exchange(peer: Peer, text: string): Promise<{ received: string; silent: boolean }> {
  return new Promise((resolve) => {
    const socket = peer.connect();
    let received = '';
    let silent = false;
    socket.setTimeout(SILENCE_MS, () => {
      silent = true;
      socket.destroy();
    });
    socket.on('data', (piece: Buffer) => {
      received += piece.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve({ received, silent }));
    socket.write(Buffer.from(text, 'latin1'));
  });
}
