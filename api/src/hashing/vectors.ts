import { referenceFmix32, referenceMurmur3, referenceNegativeLog2, referenceRank } from './reference.ts';

/** The published vectors of `rendezvous/v1` (api/vectors/rendezvous-v1.json). Byte strings are in hex. */
export interface RendezvousVectors {
  readonly hash: 'rendezvous/v1';
  readonly about: string;
  readonly murmur3: readonly { readonly bytes: string; readonly seed: number; readonly hash: number }[];
  readonly fmix32: readonly { readonly word: number; readonly hash: number }[];
  readonly negativeLog2: readonly { readonly x: number; readonly value: number }[];
  readonly lookups: readonly LookupVectors[];
}

/** `rank` lists the shards' indices, the owner first. */
export interface LookupVectors {
  readonly name: string;
  readonly shards: readonly { readonly hashName: string; readonly weight: number }[];
  readonly keys: readonly { readonly bytes: string; readonly rank: readonly number[] }[];
}

const KEYS: readonly Uint8Array[] = [
  ...['', 'a', 'ab', 'abc', 'abcd', 'user:1000', 'user:1001', 'session:5f2b9c', 'Straße', '購物車', '{tag}key'].map(
    utf8,
  ),
  ...Array.from({ length: 40 }, (_, i) => utf8(`key-${i}`)),
  Uint8Array.of(0),
  Uint8Array.of(0xff, 0xfe, 0x00, 0x0d, 0x0a),
  Uint8Array.from({ length: 256 }, (_, i) => i),
];

const SETS: readonly Omit<LookupVectors, 'keys'>[] = [
  { name: 'one shard', shards: [{ hashName: 'cart-0', weight: 1 }] },
  { name: 'three shards, equal weights', shards: named('cart', [1, 1, 1]) },
  { name: 'four shards, equal weights', shards: named('cart', [1, 1, 1, 1]) },
  { name: 'three shards, weights 1, 2, 3', shards: named('cart', [1, 2, 3]) },
  { name: 'two shards, the extreme weights', shards: named('cart', [1, 32767]) },
  { name: 'names of other alphabets', shards: ['alpha', 'βήτα', '東京'].map((hashName) => ({ hashName, weight: 1 })) },
];

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function named(service: string, weights: readonly number[]): LookupVectors['shards'] {
  return weights.map((weight, i) => ({ hashName: `${service}-${i}`, weight }));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

export function makeVectors(): RendezvousVectors {
  const words = [0, 1, 2, 0x7fffffff, 0x80000000, 0xdeadbeef, 0xffffffff];
  const xs = [
    0, 1, 2, 3, 4095, 4096, 1048575, 1048576, 2147483646, 2147483647, 2147483648, 3735928559, 4294967294, 4294967295,
  ];
  return {
    hash: 'rendezvous/v1',
    about: 'Byte strings are hex, numbers unsigned. Definition: docs/reference/rendezvous-v1.md.',
    murmur3: KEYS.flatMap((key) =>
      [0, 0x9747b28c].map((seed) => ({ bytes: hex(key), seed, hash: Number(referenceMurmur3(key, BigInt(seed))) })),
    ),
    fmix32: words.map((word) => ({ word, hash: Number(referenceFmix32(BigInt(word))) })),
    negativeLog2: xs.map((x) => ({ x, value: Number(referenceNegativeLog2(BigInt(x))) })),
    lookups: SETS.map((set) => ({
      ...set,
      keys: KEYS.map((key) => ({ bytes: hex(key), rank: referenceRank(set.shards, key) })),
    })),
  };
}

/** The file's text: one vector a line, so that a change reads well. */
export function vectorsJson(): string {
  const { lookups, ...rest } = makeVectors();
  const list = (items: readonly unknown[], indent: string): string =>
    `[\n${items.map((item) => `${indent}  ${JSON.stringify(item)}`).join(',\n')}\n${indent}]`;
  const sets = lookups.map(
    ({ name, shards, keys }) =>
      `    {\n      "name": ${JSON.stringify(name)},\n      "shards": ${JSON.stringify(shards)},\n      "keys": ${list(keys, '      ')}\n    }`,
  );
  return `{
  "hash": ${JSON.stringify(rest.hash)},
  "about": ${JSON.stringify(rest.about)},
  "murmur3": ${list(rest.murmur3, '  ')},
  "fmix32": ${list(rest.fmix32, '  ')},
  "negativeLog2": ${list(rest.negativeLog2, '  ')},
  "lookups": [
${sets.join(',\n')}
  ]
}
`;
}
