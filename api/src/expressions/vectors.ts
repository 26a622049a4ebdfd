import { referenceRank } from '../hashing/reference.ts';
import type { PlainRequest } from './testing.ts';
import { type KeyCase, keyCases } from './vector-cases.ts';

/** The published vectors of keys (api/vectors/keys-v1.json). */
export interface KeyVectors {
  readonly about: string;
  readonly shards: readonly { readonly hashName: string; readonly weight: number }[];
  readonly keys: readonly KeyVector[];
}

export interface KeyVector {
  readonly key: readonly string[];
  readonly request: PlainRequest;
  /** The key's bytes in hex; null where the request has no key. */
  readonly bytes: string | null;
  /** The hash name of the shard that owns it by rendezvous/v1. */
  readonly owner: string | null;
}

const ABOUT =
  'key: request expressions (docs/reference/expressions.md). request: target and header values are latin1 (a character a byte), body is UTF-8. ' +
  'bytes: the key in hex, null if there is none. owner: its shard of those below by rendezvous/v1.';

export function makeKeyVectors(): KeyVectors {
  const shards = [0, 1, 2].map((i) => ({ hashName: `cart-${i}`, weight: 1 }));
  const keys = keyCases.map(({ key, request, parts }: KeyCase) => {
    if (parts === null) return { key, request, bytes: null, owner: null };
    const bytes = bytesOf(parts);
    const [owner = -1] = referenceRank(shards, bytes);
    return { key, request, bytes: bytes.toString('hex'), owner: shards[owner]?.hashName ?? null };
  });
  return { about: ABOUT, shards, keys };
}

/** The rule once more, apart from the code that serves traffic: each of several parts has its length before it. */
function bytesOf(parts: readonly string[]): Buffer {
  const raw = parts.map((part) => Buffer.from(part, 'latin1'));
  if (raw.length === 1) return raw[0] as Buffer;
  return Buffer.concat(
    raw.flatMap((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      return [length, part];
    }),
  );
}

/** The file's text: one vector a line, so that a change reads well. */
export function keyVectorsJson(): string {
  const { about, shards, keys } = makeKeyVectors();
  const lines = keys.map((vector) => `    ${escaped(JSON.stringify(vector))}`).join(',\n');
  return `{\n  "about": ${JSON.stringify(about)},\n  "shards": ${JSON.stringify(shards)},\n  "keys": [\n${lines}\n  ]\n}\n`;
}

/** Bytes above ASCII as escapes: nobody should wonder which encoding they are shown in. */
function escaped(json: string): string {
  return json.replaceAll(/[\u007f-\uffff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
