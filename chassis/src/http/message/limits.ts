/** The whole head, with empty lines before it and its own empty line. */
export const MAX_HEAD_BYTES = 32 * 1024;
/** The request-target; RFC 9112, 3 asks for 8000 bytes at least. */
export const MAX_TARGET_BYTES = 16 * 1024;
/** Longer methods are not implemented anywhere (the longest registered one, UPDATEREDIRECTREF, has 17). */
export const MAX_METHOD_BYTES = 32;
/** Field lines of one head. HAProxy takes 101, Apache and Envoy 100. */
export const MAX_FIELDS = 128;
/** Options in all `Connection` fields of a head: each of them is compared with each field. */
export const MAX_CONNECTION_OPTIONS = 32;
/** Hexadecimal digits of a chunk's size. */
export const MAX_CHUNK_SIZE_DIGITS = 16;
/** Extensions of one chunk, and of all chunks of a body together: bytes that carry nothing. */
export const MAX_CHUNK_EXTENSION_BYTES = 256;
export const MAX_CHUNK_EXTENSIONS_BYTES = 16 * 1024;
/** All field lines after the last chunk. */
export const MAX_TRAILER_BYTES = 8 * 1024;
