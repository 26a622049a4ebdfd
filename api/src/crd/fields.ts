import { z } from 'zod';

/**
 * A CEL rule of the API server. Its error is `<path>: Invalid value: …: <message>`, so messages say what was found and what is
 * allowed, and only those whose path is not the field's own name the field.
 */
export interface Rule {
  readonly rule: string;
  /** Shown when `messageExpression` cannot be evaluated. */
  readonly message: string;
  readonly messageExpression?: string;
  /** The field that the error names, relative to where the rule stands: `.sharding.hash`. */
  readonly fieldPath?: string;
}

/**
 * CEL for a sentence with values in it, by `format` (`%s`, `%d`): the API server cannot bound the cost of joining `string(…)`
 * of a number, and refuses such an expression.
 */
export function sentence(text: string, ...values: readonly string[]): string {
  const quoted = `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  return `${quoted}.format([${values.map((value) => `dyn(${value})`).join(', ')}])`;
}

/** The schema with its description (what `kubectl explain` shows) and rules. To be called last: wrappers hide metadata. */
export function described<T extends z.ZodType>(schema: T, description: string, rules: readonly Rule[] = []): T {
  return schema.meta({ description, ...(rules.length === 0 ? {} : { 'x-kubernetes-validations': [...rules] }) });
}

/** A list whose items are told apart by `key`, so that server-side apply merges them and no two are alike. */
export function listMap<T extends z.ZodObject>(item: T, key: string & keyof T['shape'], max: number) {
  const list = z
    .array(item)
    .max(max)
    .superRefine((items, context) => {
      const keys = items.map((entry) => (entry as Record<string, unknown>)[key]);
      for (const [index, value] of keys.entries()) {
        if (keys.indexOf(value) === index) continue;
        context.addIssue({ code: 'custom', path: [index, key], message: `expected no two entries of one ${key}` });
      }
    });
  return list.meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [key] });
}

/** Strings by name: labels, annotations. */
export function stringMap(maxLength: number, maxProperties: number) {
  return z
    .record(z.string(), z.string().max(maxLength))
    .refine((map) => Object.keys(map).length <= maxProperties, `expected at most ${maxProperties} entries`)
    .meta({ maxProperties });
}

/** An object of which nothing is declared here: it passes through untouched. */
export function anyObject() {
  return z.looseObject({});
}
