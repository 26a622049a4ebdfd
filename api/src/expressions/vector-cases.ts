import type { PlainRequest } from './testing.ts';

/** A key whose bytes are written down by hand, part by part (latin1); null where there is no key. */
export interface KeyCase {
  readonly key: readonly string[];
  readonly request: PlainRequest;
  readonly parts: readonly string[] | null;
}

const of = (key: string | readonly string[], request: PlainRequest, ...parts: string[]): KeyCase => ({
  key: typeof key === 'string' ? [key] : key,
  request,
  parts,
});
const none = (key: string | readonly string[], request: PlainRequest): KeyCase => ({
  ...of(key, request),
  parts: null,
});

const user = (value: string): PlainRequest => ({ headers: [['X-User', value]] });
const cookies = (...values: string[]): PlainRequest => ({
  headers: values.map((value): [string, string] => ['Cookie', value]),
});
const json = (body: string): PlainRequest => ({ method: 'POST', body });
/** A character a byte. */
const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

const sources: readonly KeyCase[] = [
  of('header:x-user', user('alice'), 'alice'),
  of('header:X-USER', user('alice'), 'alice'),
  of('header:x-user', user(' \talice bob \t'), 'alice bob'),
  of('header:x-user', user(utf8('Zoë')), utf8('Zoë')),
  of('header:x-user', user('\xff\x80'), '\xff\x80'),
  of(
    'header:x-user',
    {
      headers: [
        ['X-User', 'first'],
        ['x-user', 'second'],
      ],
    },
    'first',
  ),
  of('header:"x+y"', { headers: [['X+Y', 'z']] }, 'z'),
  none('header:x-user', {}),
  none('header:x-user', user('')),
  of('cookie:uid', cookies('a=b; uid=42; c=d'), '42'),
  of('cookie:uid', cookies('uid=1; uid=2'), '1'),
  of('cookie:uid', cookies('a=b', 'uid=3'), '3'),
  of('cookie:uid', cookies('uid=a=b'), 'a=b'),
  of('cookie:uid', cookies('uid="quoted"'), '"quoted"'),
  none('cookie:uid', cookies('UID=42; auid=7; uid=')),
  of('query:id', { target: '/a?x=1&id=7&id=8' }, '7'),
  of('query:id', { target: '/a?id=%41+b' }, '%41+b'),
  of('query:"user[id]"', { target: '/?user[id]=5' }, '5'),
  none('query:id', { target: '/a?ID=7&id&aid=1' }),
  of('path', { target: '/a/b%2Fc//?q=1' }, '/a/b%2Fc//'),
  of('path', { target: 'http://shop.example?q=1' }, '/'),
  of('path', { method: 'OPTIONS', target: '*' }, '*'),
  of('path[0]', { target: '/tenants/42/carts' }, 'tenants'),
  of('path[1]', { target: '/tenants/42/carts?x=/y' }, '42'),
  none('path[1]', { target: '/tenants//carts' }),
  none('path[3]', { target: '/tenants/42/carts' }),
  of('uri', { target: '/a/b?c=d' }, '/a/b?c=d'),
  of('uri', { target: 'http://shop.example:80/a?b' }, '/a?b'),
  of('host', { headers: [['Host', 'Shop.example:8080']] }, 'Shop.example:8080'),
  of('host', { target: 'http://a.example/x', headers: [['Host', 'b.example']] }, 'a.example'),
  of('method', { method: 'DELETE' }, 'DELETE'),
  of('ip', { ip: '203.0.113.9' }, '203.0.113.9'),
  of('ip', { ip: '2001:db8::1' }, '2001:db8::1'),
  of('country(ip)', { country: 'DE' }, 'DE'),
  none('country(ip)', {}),
  of('"fixed"', {}, 'fixed'),
  of('"a \\"b\\" \\\\ ü"', {}, utf8('a "b" \\ ü')),
];

const bodies: readonly KeyCase[] = [
  of('json:user.id', json('{"user": {"id": "u-1"}}'), 'u-1'),
  of('json:user.id', json('{"x": [1, {"user": 2}], "user": {"name": "}", "id": 7}}'), '7'),
  of('json:id', json('{"id": "a", "id": "b"}'), 'a'),
  of('json:id', json('{"\\u0069d": "by an escaped name"}'), 'by an escaped name'),
  of('json:id', json('{"id": "\\u00fc\\n\\ud83d\\ude00"}'), utf8('ü\n😀')),
  of('json:id', json('{"id": 9007199254740993}'), '9007199254740993'),
  of('json:id', json('{"id": 1.0}'), '1'),
  of('json:id', json('{"id": -0}'), '0'),
  of('json:id', json('{"id": 1e3}'), '1000'),
  of('json:id', json('{"id": 0.1e-6}'), '1e-7'),
  of('json:id', json('{"id": true}'), 'true'),
  of('json:items.1.sku', json('{"items": [{"sku": "a"}, {"sku": "b"}]}'), 'b'),
  of('json:"a.b"."c d"', json('{"a.b": {"c d": "e"}}'), 'e'),
  none('json:id', json('{"id": null}')),
  none('json:id', json('{"id": {"x": 1}}')),
  none('json:id', json('{"id": ""}')),
  none('json:id', json('{"id": 12')),
  none('json:id', json('no json')),
  none('json:id', {}),
];

const several: readonly KeyCase[] = [
  of('header:x-user + path[0]', { ...user('a'), target: '/bc' }, 'a', 'bc'),
  of('header:x-user + path[0]', { ...user('ab'), target: '/c' }, 'ab', 'c'),
  of('  host+method  ', { headers: [['Host', 'h']] }, 'h', 'GET'),
  of('"v1" + country(ip) + cookie:uid', { ...cookies('uid=9'), country: 'AT' }, 'v1', 'AT', '9'),
  of('header:x-user + "x"', user('é'.repeat(300)), 'é'.repeat(300), 'x'),
  of(['header:x-user', 'cookie:uid', 'uri'], cookies('uid=9'), '9'),
  of(['header:x-user', 'cookie:uid', 'uri'], { target: '/last' }, '/last'),
  of(['header:x-user + cookie:uid', 'header:x-user'], user('alone'), 'alone'),
  none(['header:x-user', 'cookie:uid'], {}),
];

/** Every source, every rule of DESIGN §3, at least once. */
export const keyCases: readonly KeyCase[] = [...sources, ...bodies, ...several];
