import type { Exchange } from './exchange.ts';
import { ANSWERING, BACKOFF, NEEDS_BODY, SENT } from './states.ts';

/** An endpoint that takes nothing of a body for so long has stalled, however short the time-out of a request is. */
const STALL_MS = 10_000;

/** Ends an exchange, or goes on with it, when its time has come. Called every few milliseconds for all that is under way. */
export function overdue(x: Exchange, now: number): void {
  const { state, attempt } = x;
  if (state <= SENT && now >= x.deadline) {
    attempt.expired();
  } else if (state === SENT) awaited(x, now);
  else if (state === BACKOFF) {
    if (now >= attempt.retryAt) attempt.start(x.again());
  } else if (state === NEEDS_BODY) {
    if (now - x.progressAt > x.proxy.runtime.limits.slowBodyMs) slowBody(x);
  } else if (state === ANSWERING) answering(x, now);
}

/** The answer's head is there, not yet its end. */
function answering(x: Exchange, now: number): void {
  const { client, proxy } = x;
  const { limits } = proxy.runtime;
  const idle = now - x.progressAt;
  // While the shard sends nothing, nothing tells a client that reads on from one that is gone.
  if (client.eofAt !== 0 && Math.min(idle, now - client.eofAt) > limits.halfClosedMs) client.wire.destroy();
  else if (idle > limits.slowBodyMs) stalled(x);
}

/** A request was sent, or is being sent, and nothing of its answer is there. */
function awaited(x: Exchange, now: number): void {
  const { attempt, client } = x;
  const { limits } = x.proxy.runtime;
  const shard = attempt.shard;
  const timeoutMs = shard?.options.timeoutMs ?? 0;
  const idle = now - Math.max(x.progressAt, x.sentAt);
  if (client.eofAt !== 0 && now - client.eofAt > limits.halfClosedMs) {
    // Half-closed or gone: only writing would tell, and there is nothing to write.
    client.wire.destroy();
  } else if (x.uploaded && idle > timeoutMs) {
    attempt.timedOut(`${shard?.name} did not answer within ${timeoutMs}ms`);
  } else if (x.uploaded || idle <= Math.min(limits.slowBodyMs, Math.max(timeoutMs, STALL_MS))) {
    // It takes as long as it may.
  } else if (x.upload.unsent > 0) {
    attempt.timedOut(`${shard?.name} took nothing of the request for ${Math.round(idle)}ms`);
  } else if (idle > limits.slowBodyMs) slowBody(x);
}

function slowBody(x: Exchange): void {
  x.attempt.cancel();
  const { slowBodyMs } = x.proxy.runtime.limits;
  x.answer.own(408, 'SlowRequest', `nothing of the request's body came within ${slowBodyMs}ms`);
}

/** Either side of an answer stands still. */
function stalled(x: Exchange): void {
  const { slowBodyMs } = x.proxy.runtime.limits;
  const client = x.client.outbox.queued > 0;
  if (!client) x.attempt.stalled();
  x.attempt.cancel();
  x.answer.cut(`${client ? 'the client took' : 'the endpoint sent'} nothing for ${slowBodyMs}ms`);
}
