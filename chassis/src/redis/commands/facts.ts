/** Where the keys of a command stand, as Valkey's command files say it (their `key_specs`). */
export type KeyFact =
  | { readonly unknown: true }
  | (({ readonly at: number } | { readonly keyword: string; readonly from: number }) &
      (
        | { readonly range: readonly [last: number, step: number, limit: number] }
        | { readonly keynum: readonly [index: number, first: number, step: number] }
      ) & {
        readonly notKey?: true;
        readonly incomplete?: true;
      });

/** One command or subcommand (`object|encoding`) as the data file has it; names and flags in lower case. */
export interface CommandFact {
  readonly name: string;
  /** As in Redis: the name counts; negative means at least. */
  readonly arity: number;
  readonly group: string;
  readonly since: string;
  readonly flags: readonly string[];
  readonly keys?: readonly KeyFact[];
  /** Tips made for proxies: how a request is spread and how answers are put together. */
  readonly request?: string;
  readonly response?: string;
}

/** The committed data file. */
export interface CommandFacts {
  readonly source: string;
  readonly version: string;
  readonly license: string;
  readonly commands: readonly CommandFact[];
}
