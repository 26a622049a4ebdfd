import type { Pass } from '../pass.ts';

/** A reason of a condition and what it means here and now. */
export interface Finding<Reason extends string = string> {
  /** One of the table in `@motif/api/conditions`, or a pod's own. */
  readonly reason: Reason;
  readonly message: string;
}

/** Looks for one thing; undefined when it is not so. Policies stand in a chain: the first that finds something speaks. */
export type Policy<F extends Finding = Finding> = (pass: Pass) => F | undefined;

/** What the first policy that applies says. */
export function firstFinding<F extends Finding>(policies: readonly Policy<F>[], pass: Pass): F | undefined {
  for (const policy of policies) {
    const finding = policy(pass);
    if (finding !== undefined) return finding;
  }
  return undefined;
}

/** `cart-0`, `cart-0 and cart-1`, `cart-0, cart-1 and 3 more`: bounded, for 256 shards do not fit a message. */
export function names(list: readonly string[]): string {
  if (list.length <= 1) return list[0] ?? '';
  if (list.length <= 5) return `${list.slice(0, -1).join(', ')} and ${list.at(-1)}`;
  return `${list.slice(0, 4).join(', ')} and ${list.length - 4} more`;
}
