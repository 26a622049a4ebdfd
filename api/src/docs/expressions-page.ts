import { GRAMMAR } from '../expressions/grammar.ts';
import { type KeyVector, makeKeyVectors } from '../expressions/vectors.ts';
import { code, generatedNote, table } from './markdown.ts';

const SOURCES: readonly (readonly string[])[] = [
  ['header:x-user', 'the first header of this name (case does not matter), without white space around its value'],
  ['cookie:uid', 'the first cookie of this name (case matters), as sent, quotes included'],
  ['query:id', 'the first parameter of this name, name and value as sent: `%41` is not `A`, `+` is no space'],
  ['path', 'the target up to `?`, as sent: not normalised, not decoded'],
  ['path[1]', 'a segment of the path, from 0: the second one; of `/a//b` the segment 1 is empty'],
  ['uri', 'path and query as sent; of the absolute form what follows the authority'],
  ['host', 'the authority as sent, with its port; of the absolute form its own, else `Host`'],
  ['method', 'the method as sent'],
  ['ip', "the client's address: the peer's, or behind `trustedProxies` what they say; RFC 5952, IPv4-mapped as IPv4"],
  ['country(ip)', 'two capital letters of ISO 3166-1 from the `geoDatabase`; absent where it knows none'],
  ['json:user.id', 'a string, number or boolean in the JSON body; a name of digits is also an index into a list'],
  ['"text"', 'itself'],
];

const CONDITIONS: readonly (readonly string[])[] = [
  ['cookie:session', 'it is present'],
  ['!cookie:session', 'it is absent; `!` turns round whatever follows up to `&&` or `||`'],
  ['header:x-variant == candidate', 'it is this word or quoted text; `!=`: it is not, or is absent'],
  ['method in [GET, HEAD]', 'it is one of them; `!method in [GET, HEAD]`: it is none'],
  ['cookie:a && path[0] == shop || header:b', '`&&` binds closer than `||`; there are no parentheses'],
];

/** The reference page of request expressions. */
export function expressionsPage(): string {
  return [
    generatedNote('api/src/docs/expressions-page.ts'),
    '# Request expressions\n',
    'What of a request is its key (`sharding.key`), and conditions on requests (`when`).\n',
    `${table(
      ['expression', 'what it is'],
      SOURCES.map(([text = '', meaning = '']) => [code(text), meaning]),
    )}\n`,
    '- **A value that is empty counts as absent.** Requests without a user must not all meet on the shard of the empty key.\n' +
      '- `a + b` joins parts, at most 8; it is absent when any part is.\n' +
      '- A list means the first expression that is present. None is: the request is refused with 400.\n' +
      '- Names of other characters than letters, digits, `-`, `_`, `.` and `~` stand in quotes: `query:"user[id]"`, `json:"a.b".c`.\n' +
      '- `ip` and `country(ip)` alone do not tell requests apart in an ambassador, where the peer is the pod itself: there such a key is refused, unless there are `trustedProxies`. As the last of a list it is allowed.\n',
    '## The bytes of a key\n',
    'They are fixed for ever, as the hash is ([rendezvous/v1](rendezvous-v1.md)): raw bytes from the wire; text in expressions as UTF-8. A single part stands for itself. ' +
      'Of several, each has its length before it, 4 bytes, big-endian, so that `ab + c` and `a + bc` differ. Of duplicates (headers, cookies, parameters, members of a JSON object) the first counts.\n',
    '`json:` gives a string as its UTF-8 bytes, escapes resolved (a lone surrogate becomes U+FFFD); a number without fraction and exponent as its digits, so that 64-bit identifiers stay apart (`-0` is `0`); ' +
      'any other number as ECMAScript writes the nearest double (RFC 8785), so that `1.0`, `1e0` and `1` are one key; `true`, `false`. `null`, objects and lists are absent, and so is everything in a body that is no JSON up to there.\n',
    `Some of the vectors in ${code('api/vectors/keys-v1.json')} (owners of shards cart-0, cart-1, cart-2):\n`,
    `${table(['key', 'request', 'bytes (hex)', 'owner'], rows(makeKeyVectors().keys))}\n`,
    '## From key to shard\n',
    `Algorithm ${code('rendezvous')} as in its page. ${code('map')}: a key that is written down, byte for byte as UTF-8, lives on its shard, the rest by rendezvous. ` +
      `${code('range')}: the entry with the highest ${code('from')} that is not above the key, compared byte by byte as unsigned numbers (\`A\` < \`Z\` < \`a\` < \`aa\` < \`b\` < \`é\`); keys below the lowest by rendezvous. ` +
      'In both, when a shard is dead and `onDeadShard` is `Rehash`, or is full and there is a `boundedLoadPercent`, rendezvous says who is next. Keys of several parts are refused for them: the lengths are in their bytes.\n',
    '## Conditions\n',
    `${table(
      ['condition', 'when it holds'],
      CONDITIONS.map(([text = '', meaning = '']) => [code(text), meaning]),
    )}\n`,
    'What is absent compares as empty text, and `a + b` as one text after the other. Words are letters, digits and `-_.~/@%`; other text stands in quotes.\n',
    '## Grammar\n',
    `EBNF (ISO 14977), with regular expressions between slashes:\n\n\`\`\`ebnf\n${GRAMMAR}\`\`\`\n`,
    'An expression has at most 256 characters. `kubectl apply` refuses any other, and quotes the part that was understood; the parser in the containers gives the position as well.\n',
  ].join('\n');
}

/** One vector of each kind that a reader wants to see. */
function rows(vectors: readonly KeyVector[]): string[][] {
  const shown = ['header:x-user', 'cookie:uid', 'query:id', 'path[1]', 'json:user.id', 'header:x-user + path[0]'];
  return shown.map((expression) => {
    const vector = vectors.find(({ key, bytes }) => key.length === 1 && key[0] === expression && bytes !== null);
    if (vector === undefined) throw new Error(`no vector of ${expression}`);
    const { key, request, bytes, owner } = vector;
    return [code(key[0] ?? ''), code(JSON.stringify(request)), code(bytes ?? ''), owner ?? ''];
  });
}
