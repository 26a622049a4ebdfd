/**
 * What a request expression may look at. Every string is a latin1 view of raw bytes, a character a byte: what came over the wire,
 * without percent-decoding, or UTF-8 where the value was made here (an address, a country, a JSON string). Of duplicates the first
 * counts. A value that is there but empty counts as absent: requests without a user must not all meet on the shard of the empty key.
 */
export interface RequestView {
  /** The method as sent: `GET`. */
  method(): string;
  /** The request target from its path on, with the query; of the absolute form what follows the authority, `/` if nothing does. */
  uri(): string;
  /** `uri()` up to the first `?`. */
  path(): string;
  /** The segment of the path with this index, from 0: of `/a/b` the segment 1 is `b`. */
  segment(index: number): string | undefined;
  /** The authority that the request is for, as sent, with the port if there is one: of the absolute form its own, else `Host`. */
  host(): string;
  /** The first header of this name (lower case), without the white space around it. */
  header(name: string): string | undefined;
  /** The first cookie of this name (case matters), over all `Cookie` headers; as sent, quotes included. */
  cookie(name: string): string | undefined;
  /** The first parameter of this name in the query, both compared and given as sent. `?a` and `?a=` are empty, so absent. */
  query(name: string): string | undefined;
  /** The client's address: the peer's, or behind trusted proxies what they say. Canonical text (RFC 5952; IPv4-mapped as IPv4). */
  ip(): string;
  /** The two letters (ISO 3166-1, upper case) of the country of `ip()`; undefined where the database knows none. */
  country(): string | undefined;
  /** The scalar at this path of a JSON body in canonical text (`jsonScalar`); undefined where there is none. */
  json(path: readonly string[]): string | undefined;
}

/** What has to be at hand before an expression can be evaluated. */
export interface ExpressionNeeds {
  /** The body, buffered: some expression is `json:`. */
  readonly body: boolean;
  /** A database of countries. */
  readonly country: boolean;
  /** The client's address, also for `country(ip)`. */
  readonly ip: boolean;
}

/** The expressions of a `key`, ready to be evaluated for each request. */
export interface CompiledKey {
  /**
   * The key's bytes (latin1): of the first expression all of whose parts are present. A single part stands for itself; of
   * several each has its length before it, 4 bytes, big-endian. Undefined when no expression is present: the caller's rule for
   * requests without a key applies.
   */
  evaluate(view: RequestView): string | undefined;
  readonly needs: ExpressionNeeds;
  /**
   * Whether every expression is made of nothing but `ip`, `country(ip)` and quoted texts. In an ambassador the peer is the pod
   * itself, so that without trusted proxies all requests would have one key: there such a key is refused.
   */
  readonly peerOnly: boolean;
}
