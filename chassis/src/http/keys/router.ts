import type { HttpTopology, Locator } from '@motif/api';
import { type CompiledKey, compileKey } from '@motif/api/expressions';
import { createLocator } from '@motif/api/hashing';
import { copyBytes } from '../../io/copy.ts';
import type { HotKeys } from '../../load/hot-keys.ts';
import type { RequestHead } from '../message/request-head.ts';
import { TrustedProxies } from './addresses.ts';
import { type Finder, findersOf } from './finders.ts';
import { type CountryOf, HeadView } from './head-view.ts';
import { JsonBodyRule, type Refusal } from './json-body.ts';
import { ByteRange } from './range.ts';

export interface KeyRouterOptions {
  /** Bytes of a body that `json:` may hold; 64 KiB unless told. */
  readonly jsonLimit?: number;
  /** For `country(ip)`; undefined while there is no database: then requests that need it are refused. */
  readonly countryOf?: CountryOf | undefined;
  /** Whether the database is there now. */
  readonly countriesKnown?: () => boolean;
  readonly hotKeys?: HotKeys | undefined;
}

export const JSON_LIMIT = 65_536;

/**
 * From a request to its shard, by the `key` of one topology. Made anew with each topology; one request at a time. Nothing is made for a request whose key
 * is in its head.
 */
export class KeyRouter {
  readonly locator: Locator;
  readonly proxies: TrustedProxies;
  /** The key of the last request that was routed: its bytes, until the next one or until the request's own go. */
  keyBuffer: Buffer = Buffer.allocUnsafeSlow(1024);
  keyStart = 0;
  keyEnd = 0;
  /** Why the last request was refused. */
  refusal: Refusal;
  readonly #finders: readonly (readonly Finder[])[] | undefined;
  readonly #key: CompiledKey;
  /** Each expression by itself. */
  readonly #steps: readonly CompiledKey[];
  readonly #view: HeadView;
  readonly #body: JsonBodyRule;
  readonly #noKey: Refusal;
  readonly #noCountries: Refusal;
  readonly #countriesKnown: () => boolean;
  readonly #range = new ByteRange();
  /** Where keys are put together that do not lie in the request. */
  #scratch = this.keyBuffer;
  readonly #hotKeys: HotKeys | undefined;
  readonly #tags: readonly number[];

  /** @throws ExpressionError, ApiError for a topology that the schema would have refused */
  constructor({ sharding, shards, trustedProxies = [] }: HttpTopology, options: KeyRouterOptions = {}) {
    const { key } = sharding;
    this.locator = createLocator(sharding, shards);
    this.proxies = new TrustedProxies(trustedProxies);
    this.#finders = findersOf(key);
    this.#key = compileKey(key);
    this.#steps = key.map((expression) => compileKey([expression]));
    this.#view = new HeadView(this.proxies, options.countryOf);
    this.#body = new JsonBodyRule(options.jsonLimit ?? JSON_LIMIT);
    this.#countriesKnown = options.countriesKnown ?? (() => true);
    this.#hotKeys = options.hotKeys;
    this.#tags = shards.map(({ name }) => options.hotKeys?.tagOf(name) ?? 0);
    this.#noKey = {
      status: 400,
      code: 'NoShardKey',
      message: `the request has none of what its shard is chosen by: ${key.join(', or ')}`,
    };
    this.#noCountries = {
      status: 503,
      code: 'NoGeoDatabase',
      message: 'the shard is chosen by the country of the client, and there is no database of countries yet',
    };
    this.refusal = this.#noKey;
  }

  /**
   * How many bytes of the body have to be at hand before the request can be routed: it is to be buffered up to that many, or to its end. 0: none; −1: the
   * request is refused, as `refusal` says.
   * @param peer the connection's other end, canonical (`unmapped`)
   */
  bodyBytes(head: RequestHead, peer: string): number {
    if (!this.#key.needs.body) return 0;
    this.#view.lookAhead(head, peer);
    for (const step of this.#steps) {
      this.#view.bodyAsked = false;
      if (step.evaluate(this.#view) === undefined) continue;
      if (!this.#view.bodyAsked) return 0;
      const wanted = this.#body.wants(head);
      if (typeof wanted !== 'number') {
        this.refusal = wanted;
        return -1;
      }
      // Without a body this expression is absent, and the next one has its turn.
      if (wanted > 0) return wanted;
    }
    return 0;
  }

  /**
   * The shard of a request, as an index into the topology's; −1: it is refused, as `refusal` says.
   * @param body the first `bodyEnd` bytes of the body, without chunks; none where `bodyBytes` asked for none
   */
  route(head: RequestHead, peer: string, body?: Buffer, bodyEnd?: number): number {
    if (!(this.#finders !== undefined ? this.#find(this.#finders, head) : this.#evaluate(head, peer, body, bodyEnd))) {
      return -1;
    }
    const shard = this.locator.pick(this.keyBuffer, this.keyStart, this.keyEnd);
    this.#hotKeys?.offer(this.keyBuffer, this.keyStart, this.keyEnd, this.#tags[shard] as number);
    return shard;
  }

  #find(expressions: readonly (readonly Finder[])[], head: RequestHead): boolean {
    const range = this.#range;
    for (let i = 0; i < expressions.length; i++) {
      const finders = expressions[i] as readonly Finder[];
      if (finders.length > 1) {
        if (this.#join(finders, head)) return true;
      } else if ((finders[0] as Finder)(head, range) && range.start !== range.end) {
        this.keyBuffer = range.buffer;
        this.keyStart = range.start;
        this.keyEnd = range.end;
        return true;
      }
    }
    return this.#refuse(this.#noKey);
  }

  /** Puts the parts one behind the other, each with its length before it, 4 bytes, big-endian. @returns false when one is absent */
  #join(finders: readonly Finder[], head: RequestHead): boolean {
    const range = this.#range;
    let at = 0;
    for (let i = 0; i < finders.length; i++) {
      if (!(finders[i] as Finder)(head, range) || range.start === range.end) return false;
      const size = range.end - range.start;
      this.#reserve(at, at + 4 + size);
      const scratch = this.#scratch;
      scratch[at] = size >>> 24;
      scratch[at + 1] = size >>> 16;
      scratch[at + 2] = size >>> 8;
      scratch[at + 3] = size;
      copyBytes(range.buffer, range.start, range.end, scratch, at + 4);
      at += 4 + size;
    }
    this.#made(at);
    return true;
  }

  #evaluate(head: RequestHead, peer: string, body: Buffer | undefined, bodyEnd: number | undefined): boolean {
    const size = bodyEnd ?? body?.length ?? 0;
    if (this.#key.needs.body && this.#body.exceeded(size)) return this.#refuse(this.#body.tooLarge);
    if (this.#key.needs.country && !this.#countriesKnown()) return this.#refuse(this.#noCountries);
    this.#view.look(head, peer, body, size);
    const key = this.#key.evaluate(this.#view);
    if (key === undefined) return this.#refuse(this.#noKey);
    this.#reserve(0, key.length);
    this.#scratch.write(key, 0, 'latin1');
    this.#made(key.length);
    return true;
  }

  /** Makes room for a key of `size` bytes, of which `kept` are there. */
  #reserve(kept: number, size: number): void {
    if (size <= this.#scratch.length) return;
    const larger = Buffer.allocUnsafeSlow(size * 2);
    this.#scratch.copy(larger, 0, 0, kept);
    this.#scratch = larger;
  }

  #made(size: number): void {
    this.keyBuffer = this.#scratch;
    this.keyStart = 0;
    this.keyEnd = size;
  }

  #refuse(refusal: Refusal): false {
    this.refusal = refusal;
    return false;
  }
}
