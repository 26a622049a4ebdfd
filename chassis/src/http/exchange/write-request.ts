import { remainingMs } from '../../resilience/deadline.ts';
import { REPLAY_BYTES } from '../limits.ts';
import { kinds, type RequestHead, type RequestRewrite } from '../message/index.ts';
import type { Connection } from '../upstream/connection.ts';
import type { Exchange } from './exchange.ts';

/** One object serves all requests: it is read at once. */
const rewrite: RequestRewrite = { omit: 0, extra: '', close: false };

/** Writes a request's head, as the next attempt sends it, and what is there of its body. */
export function writeRequest(x: Exchange, head: RequestHead, connection: Connection): void {
  const { outbox } = connection;
  const { kept, client, proxy, trail } = x;
  rewrite.omit = 0;
  rewrite.extra = '';
  if (trail.traceparent !== '') {
    rewrite.omit = 1 << kinds.TRACEPARENT;
    if (trail.dropTracestate) rewrite.omit |= 1 << kinds.TRACESTATE;
    rewrite.extra = `traceparent: ${trail.traceparent}\r\n`;
  }
  if (x.deadline !== Number.POSITIVE_INFINITY) {
    rewrite.omit |= 1 << kinds.X_REQUEST_DEADLINE;
    rewrite.extra += `x-request-deadline-ms: ${remainingMs(x.deadline, x.sentAt)}\r\n`;
  }
  if (x.attempts > 1) rewrite.extra += `x-motif-attempt: ${x.attempts}\r\n`;
  if (x.answer.continued) rewrite.omit |= 1 << kinds.EXPECT;
  proxy.requestWriter.write(outbox, head, client.peer, rewrite);
  if (kept.length === kept.headLength) return;
  outbox.append(kept.buffer, kept.headLength, kept.length);
  if (kept.length > REPLAY_BYTES && !connection.connecting) kept.drop();
}
