import { describe, expect, it } from 'vitest';
import { canonicalAddress, TrustedProxies, unmapped } from './addresses.ts';
import { clientAddress } from './client-address.ts';
import { headOf } from './testing.ts';

const proxies = new TrustedProxies(['10.0.0.0/8', 'fd00::/8', '192.0.2.1/32']);

const client = (peer: string, ...headers: [string, string][]): string =>
  clientAddress(headOf({ headers }), peer, proxies);

describe("the client's address", () => {
  it('is the peer, whatever it claims, unless that is a trusted proxy', () => {
    expect(client('203.0.113.7', ['X-Forwarded-For', '198.51.100.1'])).toBe('203.0.113.7');
    expect(client('10.0.0.1', ['X-Forwarded-For', '198.51.100.1'])).toBe('198.51.100.1');
    expect(client('10.0.0.1')).toBe('10.0.0.1');
    expect(
      clientAddress(headOf({ headers: [['X-Forwarded-For', '198.51.100.1']] }), '10.0.0.1', new TrustedProxies([])),
    ).toBe('10.0.0.1');
  });

  it.each([
    ['10.0.0.1', ['6.6.6.6, 203.0.113.9, 10.9.9.9'], '203.0.113.9'],
    ['10.0.0.1', ['6.6.6.6', '203.0.113.9,10.9.9.9 ,192.0.2.1'], '203.0.113.9'],
    ['10.0.0.1', ['10.1.1.1, 10.2.2.2'], '10.1.1.1'],
    ['10.0.0.1', ['203.0.113.9:4711'], '203.0.113.9'],
    ['fd00::1', ['2001:DB8:0:0::1'], '2001:db8::1'],
    ['10.0.0.1', ['[2001:db8::1]:80, ::ffff:10.3.3.3'], '2001:db8::1'],
    ['10.0.0.1', ['203.0.113.9, unknown'], '10.0.0.1'],
    ['10.0.0.1', ['203.0.113.9, unknown, 10.5.5.5'], '10.5.5.5'],
    ['10.0.0.1', ['203.0.113.9, , '], '203.0.113.9'],
    ['10.0.0.1', [''], '10.0.0.1'],
  ] as const)('of peer %s with X-Forwarded-For %j is %s', (peer, values, wanted) => {
    expect(client(peer, ...values.map((value): [string, string] => ['X-Forwarded-For', value]))).toBe(wanted);
  });

  it.each([
    ['for=203.0.113.9', '203.0.113.9'],
    ['for=6.6.6.6, for=203.0.113.9;proto=https;by=10.0.0.1, FOR="10.9.9.9:80"', '203.0.113.9'],
    ['proto=https; For="[2001:db8::1]:4711"', '2001:db8::1'],
    ['for=203.0.113.9, for=_hidden', '10.0.0.1'],
    ['for=203.0.113.9, proto=http', '10.0.0.1'],
  ])('of Forwarded: %s is %s', (value, wanted) => {
    expect(client('10.0.0.1', ['Forwarded', value])).toBe(wanted);
  });

  it('goes by X-Forwarded-For where both are there', () => {
    expect(client('10.0.0.1', ['Forwarded', 'for=6.6.6.6'], ['X-Forwarded-For', '203.0.113.9'])).toBe('203.0.113.9');
  });

  it('looks at the last 32 entries only', () => {
    const chain = ['203.0.113.9', ...Array.from({ length: 32 }, (_, i) => `10.0.1.${i}`)].join(', ');
    expect(client('10.0.0.1', ['X-Forwarded-For', chain])).toBe('10.0.1.0');
  });
});

describe('addresses', () => {
  it.each([
    ['1.2.3.4', '1.2.3.4'],
    ['::FFFF:1.2.3.4', '1.2.3.4'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[::1]', '::1'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['[1.2.3.4]:80', '1.2.3.4'],
    ['1.2.3', undefined],
    ['1.2.3.4.5', undefined],
    ['[::1', undefined],
    ['[::1]x', undefined],
    ['', undefined],
    ['shop.example:80', undefined],
  ])('%s is %s', (text, wanted) => {
    expect(canonicalAddress(text)).toBe(wanted);
  });

  it('of sockets of both families are unmapped', () => {
    expect(unmapped('::ffff:10.0.0.1')).toBe('10.0.0.1');
    expect(unmapped('::ffff:1')).toBe('::ffff:1');
  });

  it('are trusted by range, also when there were more than are remembered', () => {
    for (let i = 0; i < 5000; i++) expect(proxies.trusts(`10.0.${i >> 8}.${i & 255}`)).toBe(true);
    expect(proxies.trusts('11.0.0.1')).toBe(false);
    expect(proxies.trusts('fd12::1')).toBe(true);
    expect(proxies.trusts('2001:db8::1')).toBe(false);
    expect(proxies.trusts('')).toBe(false);
    expect(proxies.trusts('shop.example')).toBe(false);
  });
});
