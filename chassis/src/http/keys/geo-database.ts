import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CheckResult, Clock, Logger } from '@motif/kit';
import { errorCode, errorMessage } from '@motif/kit';
import { coalesce } from '../../files/coalesce.ts';
import { FolderWatch } from '../../files/folder-watch.ts';
import { readCountries } from './countries.ts';
import type { CountryOf } from './head-view.ts';

export interface GeoDatabaseOptions {
  /** An MMDB file; its folder is watched. */
  readonly file: string;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Between polls, in milliseconds; 3000 unless told. */
  readonly pollMs?: number;
}

/** Databases of countries have 5 to 20 MB, of cities up to 130. */
const LARGEST_FILE = 512 * 2 ** 20;
/** Addresses whose country is remembered. */
const MOST_KEPT = 10_000;

/**
 * The countries of addresses, from an MMDB file that is read again when it changes. A file that is broken or goes keeps the last good one: a country that is
 * not known any more would send a client's requests to another shard.
 */
export class GeoDatabase {
  readonly file: string;
  readonly #options: GeoDatabaseOptions;
  readonly #watch: FolderWatch;
  readonly #kept = new Map<string, string | undefined>();
  #countryOf: CountryOf | undefined;
  #problem: string | undefined = 'not read yet';
  #signature: string | undefined;
  #closed = false;
  #looked: () => void = () => {};
  /** Resolves when the file has been looked at once, whatever was found. */
  readonly firstLook: Promise<void>;

  constructor(options: GeoDatabaseOptions) {
    this.#options = options;
    this.file = options.file;
    this.firstLook = new Promise((resolve) => {
      this.#looked = resolve;
    });
    const { clock, file, pollMs } = options;
    this.#watch = new FolderWatch({
      folder: dirname(file),
      look: coalesce(() => this.#read()),
      clock,
      ...(pollMs === undefined ? {} : { pollMs }),
    });
  }

  /** Whether there is a database to look into. */
  get known(): boolean {
    return this.#countryOf !== undefined;
  }

  /** The country of an address in canonical text. */
  readonly countryOf: CountryOf = (address) => {
    if (this.#kept.has(address)) return this.#kept.get(address);
    const country = this.#countryOf?.(address);
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    this.#kept.set(address, country);
    return country;
  };

  /** For `/readyz`: without any database requests cannot be placed; a last good one is good enough. */
  readonly check = (): CheckResult => {
    const reason = this.#problem === undefined ? undefined : `database of countries: ${this.#problem}`;
    return { ok: this.known, ...(reason === undefined ? {} : { reason }) };
  };

  close(): void {
    this.#closed = true;
    this.#watch.close();
    this.#looked();
  }

  async #read(): Promise<void> {
    const { file } = this;
    if (this.#closed) return;
    try {
      const { ino, size, mtimeMs, ctimeMs } = await stat(file);
      const signature = `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
      if (signature !== this.#signature) {
        this.#signature = signature;
        this.#take(size > LARGEST_FILE ? undefined : await readFile(file), size);
      }
    } catch (error) {
      this.#signature = undefined;
      this.#refuse(errorCode(error) === 'ENOENT' ? `${file} does not exist` : errorMessage(error));
    }
    this.#looked();
  }

  #take(bytes: Buffer | undefined, size: number): void {
    if (bytes === undefined) throw new RangeError(`${this.file} has ${size} bytes; at most ${LARGEST_FILE} are read`);
    const { countryOf, type, built } = readCountries(bytes);
    if (this.#closed) return;
    this.#countryOf = countryOf;
    this.#kept.clear();
    this.#problem = undefined;
    this.#options.logger.info('database of countries read', { file: this.file, type, built: built.toISOString() });
  }

  #refuse(reason: string): void {
    if (this.#closed || reason === this.#problem) return;
    this.#problem = reason;
    this.#options.logger.error('database of countries not used', { file: this.file, reason, keptLast: this.known });
  }
}
