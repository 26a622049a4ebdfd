import { MotifError } from '@motif/kit';
import { Reader, type Response } from 'mmdb-lib';
import type { CountryOf } from './head-view.ts';

/** A database of countries that was read. */
export interface Countries {
  readonly countryOf: CountryOf;
  /** As it calls itself, such as `GeoLite2-Country`. */
  readonly type: string;
  readonly built: Date;
}

/** What the records of the usual databases say of countries. */
interface CountryRecord {
  /** MaxMind and DB-IP: the country that the address is in. */
  readonly country?: { readonly iso_code?: unknown } | string;
  /** IPinfo. */
  readonly country_code?: unknown;
  /** MaxMind: the country that registered the address, where nobody knows more. */
  readonly registered_country?: { readonly iso_code?: unknown };
}

/**
 * Reads an MMDB file (https://maxmind.github.io/MaxMind-DB/): its country per address is `country.iso_code`, as MaxMind and DB-IP have it, else
 * `country_code` or `country` as text, as IPinfo has it, else `registered_country.iso_code`.
 * @throws MotifError `InvalidGeoDatabase` when it is none, or cut off
 */
export function readCountries(bytes: Buffer): Countries {
  try {
    const reader = new Reader<Response>(bytes);
    const { metadata } = reader;
    if (metadata.searchTreeSize + 16 >= bytes.length) throw new RangeError('its search tree is cut off');
    // Addresses of both ends of the tree: a file that is cut off fails now, not at some client's request.
    for (const address of ['1.1.1.1', '223.255.255.254']) reader.get(address);
    const countryOf: CountryOf = (address) => {
      if (address.includes(':') && metadata.ipVersion === 4) return undefined;
      return address === '' ? undefined : countryIn(lookUp(reader, address));
    };
    return { countryOf, type: metadata.databaseType, built: metadata.buildEpoch };
  } catch (cause) {
    throw new MotifError('InvalidGeoDatabase', `no MMDB file that can be used (${bytes.length} bytes)`, { cause });
  }
}

/** A record that is broken is no reason to fail a request: the country is not known. */
function lookUp(reader: Reader<Response>, address: string): CountryRecord | null {
  try {
    return reader.get(address) as CountryRecord | null;
  } catch {
    return null;
  }
}

function countryIn(record: CountryRecord | null): string | undefined {
  const { country, country_code, registered_country } = record ?? {};
  const inside = typeof country === 'object' ? country.iso_code : undefined;
  const codes = [inside, country_code, country, registered_country?.iso_code];
  const code = codes.find((one) => typeof one === 'string' && /^[A-Za-z]{2}$/.test(one));
  return typeof code === 'string' ? code.toUpperCase() : undefined;
}
