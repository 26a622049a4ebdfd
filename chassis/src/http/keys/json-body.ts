import { CONTENT_ENCODING } from '../message/field-kinds.ts';
import { CHUNKED, LENGTH } from '../message/framing.ts';
import type { RequestHead } from '../message/request-head.ts';

/** A request that is answered here instead of going to a shard. */
export interface Refusal {
  readonly status: number;
  /** For `x-motif-error`. */
  readonly code: string;
  readonly message: string;
}

/** Bodies of these types are files and forms: no JSON is looked for in them, however large they are. */
const NEVER_JSON = /^(?:multipart|image|audio|video|font)\/|^application\/(?:octet-stream|grpc|zip|gzip|pdf|wasm)\b/i;

/** The rules for bodies that a `json:` expression looks into. */
export class JsonBodyRule {
  readonly tooLarge: Refusal;
  readonly compressed: Refusal;
  readonly #limit: number;

  /** @param limit bytes of a body that are held at most */
  constructor(limit: number) {
    this.#limit = limit;
    this.tooLarge = {
      status: 413,
      code: 'BodyTooLarge',
      message: `the shard's key is in the body, and of bodies at most ${limit} bytes are looked at`,
    };
    this.compressed = {
      status: 415,
      code: 'BodyCompressed',
      message: "the shard's key is in the body, which is compressed; send it without Content-Encoding",
    };
  }

  /** Bytes that have to be at hand, 0 for a body that is not looked at, or why the request is refused. */
  wants(head: RequestHead): number | Refusal {
    if (head.framing !== CHUNKED && !(head.framing === LENGTH && head.contentLength > 0)) return 0;
    if (NEVER_JSON.test(head.header('content-type') ?? '')) return 0;
    if (head.has(CONTENT_ENCODING) && head.headers('content-encoding').some(compresses)) return this.compressed;
    if (head.framing === LENGTH) return head.contentLength > this.#limit ? this.tooLarge : head.contentLength;
    // One more than is allowed tells a body that ends in time from one that does not.
    return this.#limit + 1;
  }

  /** Whether a body of chunks turned out too large. */
  exceeded(bytes: number): boolean {
    return bytes > this.#limit;
  }
}

function compresses(value: string): boolean {
  return !/^(?:\s|,|identity)*$/i.test(value);
}
