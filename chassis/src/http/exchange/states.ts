/** How far an exchange has come. Numbers, in their order: what is above SENT has begun to answer. */

/** In the proxy's pool. */
export const FREE = 0;
/** Waits for as much of the body as the key needs. */
export const NEEDS_BODY = 1;
/** Waits for a place at its shard. */
export const QUEUED = 2;
/** Waits for the time of its next attempt. */
export const BACKOFF = 3;
/** Handed to a connection; nothing of the final answer is there. */
export const SENT = 4;
/** The final answer's head has been passed on. */
export const ANSWERING = 5;
/** Bytes in both directions after an upgrade. */
export const TUNNEL = 6;
