/** How the end of a message's body is found. Numbers, since they are compared for every message. */
export type Framing = typeof NONE | typeof LENGTH | typeof CHUNKED | typeof CLOSE;

/** There is no body. */
export const NONE = 0;
/** `Content-Length` bytes (0 as well). */
export const LENGTH = 1;
/** Chunks, then trailers. */
export const CHUNKED = 2;
/** All bytes until the connection ends; responses only. */
export const CLOSE = 3;
