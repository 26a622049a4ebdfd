import { createHash } from 'node:crypto';
import { referenceLog2Entry } from '../hashing/reference.ts';
import { makeVectors } from '../hashing/vectors.ts';
import { code, generatedNote, table } from './markdown.ts';

/** The reference page of `rendezvous/v1`. */
export function rendezvousPage(): string {
  const { murmur3, negativeLog2, lookups } = makeVectors();
  const words = new DataView(new ArrayBuffer(4096 * 4));
  for (let j = 0; j < 4096; j++) words.setUint32(j * 4, Number(referenceLog2Entry(j)), true);
  const digest = createHash('sha256').update(Buffer.from(words.buffer)).digest('hex');
  const three = lookups.filter(({ shards }) => shards.length === 3 && shards[0]?.hashName === 'cart-0');
  return [
    generatedNote('api/src/docs/rendezvous-page.ts'),
    '# rendezvous/v1\n',
    'How Motif finds the shard of a key by default. It is fixed for ever: a change would move keys, and gets another name. ' +
      'The vectors below, and more of them in `api/vectors/rendezvous-v1.json`, let other programs find the same shard.\n',
    '## Definition\n',
    'All numbers are unsigned; ⊕ is exclusive or; a key is its raw bytes.\n',
    '1. If there is a hash tag (two characters, `{}` for Redis): where the key has the first character and later the second, with something between them, only what stands between the first occurrence of the first and the next of the second is hashed. `None`: always the whole key.\n' +
      '2. *k* = murmur3_x86_32(key, seed 0); for each shard *i* with hash name *hᵢ* (UTF-8): *sᵢ* = murmur3_x86_32(*hᵢ*, seed 0), *xᵢ* = fmix32(*k* ⊕ *sᵢ*).\n' +
      '3. With equal weights the largest *xᵢ* wins. fmix32 is a bijection, so a tie means *sᵢ* = *sⱼ*: such a pair of names is refused.\n' +
      '4. With unequal weights *wᵢ* (1 to 32767) the smallest *L(xᵢ)* / *wᵢ* wins, compared by cross-multiplication (exact below 2⁵³), and of equal ones the larger *xᵢ*.\n',
    '*L(x)* is −log2((x + 1) / 2³²) in 2⁻³² fixed point: with *u* = *x* + 1, *L* = 0 for *u* = 2³²; else *e* = ⌊log2 *u*⌋, *f* = (*u* − 2ᵉ) · 2³²⁻ᵉ, *j* = ⌊*f* / 2²⁰⌋, *r* = *f* mod 2²⁰, ' +
      '*L* = 32 · 2³² − (*e* · 2³² + *T[j]* + ⌊(*T[j+1]* − *T[j]*) · *r* / 2²⁰⌋), and *T[j]* = round(2³² · log2(1 + *j* / 4096)) for *j* = 0 … 4096. ' +
      'It is a table because the last digits of a logarithm function are not the same everywhere.\n',
    `SHA-256 of *T[0]* … *T[4095]* as little-endian 32-bit words: ${code(digest)}.\n`,
    '## Vectors\n',
    `${table(
      ['x', 'L(x)'],
      negativeLog2.map(({ x, value }) => [String(x), String(value)]),
    )}\n`,
    `${table(
      ['key (hex)', 'seed', 'murmur3_x86_32'],
      murmur3.slice(0, 12).map(({ bytes, seed, hash }) => [code(bytes || 'empty'), String(seed), String(hash)]),
    )}\n`,
    ...three.map(
      ({ name, shards, keys }) =>
        `${name[0]?.toUpperCase()}${name.slice(1)} (${shards.map(({ hashName }) => hashName).join(', ')}); the rank is the order in which shards would own the key:\n\n${table(
          ['key', 'owner', 'rank'],
          keys
            .slice(1, 12)
            .map(({ bytes, rank }) => [
              code(Buffer.from(bytes, 'hex').toString()),
              shards[rank[0] ?? 0]?.hashName ?? '',
              rank.join(', '),
            ]),
        )}\n`,
    ),
  ].join('\n');
}
