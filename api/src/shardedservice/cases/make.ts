import { type Draft, smallest } from './base.ts';

/** A resource that is refused, and what the refusal must say. */
export interface BadCase {
  readonly name: string;
  readonly resource: Draft;
  /** In the message of `kubectl apply`: the field's path, what was found, what is allowed. */
  readonly says: readonly string[];
  /** Who can tell: the schema's structure alone (then zod refuses it too, at `path`), or only a CEL rule. */
  readonly by: 'structure' | 'rule';
  readonly path: string;
}

export type Change = (resource: Draft) => void;

export function changed(base: Draft, change: Change): Draft {
  change(base);
  return base;
}

export const structure = (
  name: string,
  path: string,
  says: readonly string[],
  change: Change,
  base: Draft = smallest(),
): BadCase => ({
  name,
  resource: changed(base, change),
  says: [path, ...says],
  by: 'structure',
  path,
});

export const rule = (...of: Parameters<typeof structure>): BadCase => ({ ...structure(...of), by: 'rule' });

export const secret = (key: string) => ({ secretRef: { name: 'cart-auth', key } });
export const container = (spec: Draft) => spec.template.spec.containers[0];
