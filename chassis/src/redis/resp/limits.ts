/** Bounds on what clients may send, as in Redis 7 (`proto-max-bulk-len`, `PROTO_INLINE_MAX_SIZE`, 1 Mi arguments). */
export const MAX_BULK_BYTES = 512 * 1024 * 1024;
export const MAX_ARGUMENTS = 1024 * 1024;
export const MAX_INLINE_BYTES = 64 * 1024;
/** A client that has not authenticated yet may send this much (as Redis, against memory exhaustion). */
export const MAX_ARGUMENTS_UNAUTHENTICATED = 10;
export const MAX_BULK_BYTES_UNAUTHENTICATED = 16 * 1024;

/** A header line is one type byte, at most ten digits with a sign, and CRLF; anything longer is not a number. */
export const MAX_HEADER_BYTES = 32;
