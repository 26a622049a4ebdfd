import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleHttpTopology } from '@motif/api/topology/testing';
import { createLogger, silentLogger, systemClock } from '@motif/kit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MountedVolume } from '../../files/testing.ts';
import { readCountries } from './countries.ts';
import { GeoDatabase } from './geo-database.ts';
import { Keys } from './keys.ts';
import { headOf } from './testing.ts';
import { mmdb } from './testing-mmdb.ts';

const germany = { '203.0.113.0/24': { country: { iso_code: 'DE' } }, '2001:db8::/32': { country: { iso_code: 'at' } } };

describe('countries of an MMDB file', () => {
  it('are found for addresses of both families', () => {
    const { countryOf, type, built } = readCountries(mmdb(germany));
    expect(['203.0.113.9', '203.0.114.1', '2001:db8::7', '2001:db9::1', ''].map(countryOf)).toEqual([
      'DE',
      undefined,
      'AT',
      undefined,
      undefined,
    ]);
    expect({ type, built: built.getTime() }).toEqual({ type: 'Test-Country', built: 1_700_000_000_000 });
  });

  it.each([
    [{ country: { iso_code: 'DE' }, registered_country: { iso_code: 'US' } }, 'DE'],
    [{ registered_country: { iso_code: 'US' } }, 'US'],
    [{ country: 'FR' }, 'FR'],
    [{ country: 'France', country_code: 'FR' }, 'FR'],
    [{ country: { names: { en: 'Germany' } } }, undefined],
    [{ city: 'Ulm' }, undefined],
  ])('of a record %j is %s', (record, wanted) => {
    expect(readCountries(mmdb({ '10.0.0.0/8': record })).countryOf('10.1.2.3')).toBe(wanted);
  });

  it('are not looked for in what is no such file, or the part of one', () => {
    const whole = mmdb(germany);
    const tail = whole.subarray(200);
    for (const bytes of [Buffer.alloc(0), Buffer.from('<html>Not found</html>'), whole.subarray(0, 300), tail]) {
      expect(() => readCountries(bytes), `${bytes.length} bytes`).toThrow('no MMDB file that can be used');
    }
  });
});

describe('the file', () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  function folder(): string {
    const made = mkdtempSync(join(tmpdir(), 'motif-geo-'));
    closing.push(() => rmSync(made, { recursive: true, force: true }));
    return made;
  }

  function watching(file: string, log: string[] = []): GeoDatabase {
    const logger = createLogger({ write: (line) => log.push(line) });
    const database = new GeoDatabase({ file, logger, clock: systemClock, pollMs: 20 });
    closing.push(() => database.close());
    return database;
  }

  it('is read again when it changes, and a broken one keeps the old', async () => {
    const file = join(folder(), 'countries.mmdb');
    const log: string[] = [];
    const database = watching(file, log);
    await database.firstLook;
    expect(database.check()).toEqual({ ok: false, reason: `database of countries: ${file} does not exist` });
    writeFileSync(file, mmdb(germany));
    await vi.waitFor(() => expect(database.check()).toEqual({ ok: true }));
    expect(database.countryOf('203.0.113.9')).toBe('DE');
    writeFileSync(file, 'broken');
    await vi.waitFor(() => expect(database.check().reason).toContain('no MMDB file'));
    expect(database.check().ok).toBe(true);
    expect(database.countryOf('203.0.113.9')).toBe('DE');
    rmSync(file);
    await vi.waitFor(() => expect(database.check().reason).toContain('does not exist'));
    expect(database.countryOf('203.0.113.9')).toBe('DE');
    writeFileSync(file, mmdb({ '203.0.113.0/24': { country: { iso_code: 'CH' } } }));
    await vi.waitFor(() => expect(database.countryOf('203.0.113.9')).toBe('CH'));
    expect(log.filter((line) => line.includes('"keptLast":true')).length).toBe(2);
  });

  it('may be a link, as a mounted ConfigMap has it', async () => {
    const volume = new MountedVolume();
    closing.push(() => volume.destroy());
    const publish = async (iso: string) => {
      const bytes = mmdb({ '10.0.0.0/8': { country: { iso_code: iso } } });
      await volume.publish({ 'countries.mmdb': bytes as unknown as string });
    };
    await publish('DE');
    const database = watching(join(volume.folder, 'countries.mmdb'));
    await database.firstLook;
    expect(database.countryOf('10.1.1.1')).toBe('DE');
    await publish('FR');
    await vi.waitFor(() => expect(database.countryOf('10.1.1.1')).toBe('FR'));
  });

  it('is looked for before the first request is routed by it', async () => {
    const file = join(folder(), 'countries.mmdb');
    writeFileSync(file, mmdb(germany));
    const keys = new Keys({ logger: silentLogger(), clock: systemClock, local: false, jsonLimit: 1000 });
    closing.push(() => keys.close());
    const sharding = { algorithm: 'rendezvous' as const, hash: 'rendezvous/v1' as const, key: ['country(ip)'] };
    const topology = exampleHttpTopology({ sharding, geoDatabase: { file } });
    const router = await keys.apply(topology);
    router.route(headOf({}), '203.0.113.9');
    expect(router.keyBuffer.toString('latin1', router.keyStart, router.keyEnd)).toBe('DE');
    expect(keys.check()).toEqual({ ok: true });
  });
});

describe('a key of nothing but the peer', () => {
  const sharding = { algorithm: 'rendezvous' as const, hash: 'rendezvous/v1' as const, key: ['ip'] };
  const byAddress = exampleHttpTopology({ sharding });
  const keysOf = (local: boolean): Keys =>
    new Keys({ logger: silentLogger(), clock: systemClock, local, jsonLimit: 1000 });

  it('is refused in an ambassador, where that is the pod itself', async () => {
    await expect(keysOf(true).apply(byAddress)).rejects.toThrow('sharding.key is ["ip"]: in an ambassador');
  });

  it('is fine in a router, and behind trusted proxies', async () => {
    expect(await keysOf(false).apply(byAddress)).toBeDefined();
    expect(await keysOf(true).apply({ ...byAddress, trustedProxies: ['10.0.0.0/8'] })).toBeDefined();
  });
});
