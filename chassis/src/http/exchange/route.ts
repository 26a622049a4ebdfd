import { BodyFramer, CHUNKED, LENGTH, type RequestHead } from '../message/index.ts';
import type { Routing } from '../routing.ts';
import type { Shard } from '../upstream/shard.ts';
import type { Exchange } from './exchange.ts';
import { NEEDS_BODY } from './states.ts';

/** The request is not routed yet: more of its body is needed. */
export const UNROUTED = -2;

/** The owner of a request as an index; −1: the router refuses it; UNROUTED. */
export function routeOf(x: Exchange, head: RequestHead, { router }: Routing): number {
  const peer = x.client.peer.address;
  const needed = router.bodyBytes(head, peer);
  if (needed === 0) return router.route(head, peer);
  if (needed < 0) return -1;
  if (!x.uploaded && x.framer.content < needed) {
    x.state = NEEDS_BODY;
    if (x.expectsContinue) x.answer.sayContinue();
    return UNROUTED;
  }
  const body = contentOf(x, head);
  return router.route(head, peer, body, body.length);
}

/** What is kept of the body, without chunks. */
function contentOf({ kept }: Exchange, head: RequestHead): Buffer {
  const bytes = kept.buffer.subarray(kept.headLength, kept.length);
  if (head.framing === LENGTH) return bytes;
  const parts: Buffer[] = [];
  const framer = new BodyFramer(400);
  framer.sink = (buffer, start, end) => parts.push(Buffer.from(buffer.subarray(start, end)));
  framer.begin(CHUNKED, -1);
  framer.advance(bytes, 0, bytes.length);
  return Buffer.concat(parts);
}

/**
 * The shard that takes a request which `owner` should have: the owner, or where that is wanted the next one that is not tried, lives, and
 * is not too loaded. @returns its index; −1: none
 */
export function chooseShard(routing: Routing, owner: number, tried: readonly Shard[], now: number): number {
  const { bounded, shards, rehash, router } = routing;
  const first = shards[owner] as Shard;
  if (bounded === undefined && tried.length === 0 && first.circuit.admit(now, first.admission.inFlight)) return owner;
  if (bounded === undefined && !rehash) return -1;
  const excluded = new Uint8Array(shards.length);
  for (const [i, shard] of shards.entries()) if (tried.includes(shard)) excluded[i] = 1;
  const { keyBuffer, keyStart, keyEnd } = router;
  for (let asked = 0; asked < shards.length; asked++) {
    const index =
      bounded === undefined
        ? next(routing, owner, excluded)
        : bounded.choose(owner, keyBuffer, keyStart, keyEnd, excluded);
    if (index < 0) return -1;
    const shard = shards[index] as Shard;
    if (shard.circuit.admit(now, shard.admission.inFlight)) return index;
    if (!rehash) return -1;
    excluded[index] = 1;
  }
  return -1;
}

/** The owner itself may be where `map` or `range` put it. */
function next({ router }: Routing, owner: number, excluded: Uint8Array): number {
  if (excluded[owner] === 0) return owner;
  return router.locator.pickExcept(router.keyBuffer, router.keyStart, router.keyEnd, excluded);
}

/** Nobody can take a request of this shard. */
export function refuseDead(x: Exchange, owner: Shard): void {
  const { circuit, lastError, name } = owner;
  const seconds = circuit.open ? Math.ceil((circuit.probeAt - x.proxy.runtime.now) / 1000) : 1;
  const reason = lastError === '' ? '' : `: ${lastError}`;
  x.answer.own(503, 'ShardDown', `${name} is out of service${reason}`, Math.max(1, seconds));
}
