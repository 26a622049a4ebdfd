import type { Structural } from '../crd/structural.ts';
import { code } from './markdown.ts';

/** One row a field, depth first: path, what it may be, default, description. */
export function schemaRows(schema: Structural, path = ''): string[][] {
  const rows: string[][] = [];
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const here = path === '' ? name : `${path}.${name}`;
    const required = schema.required?.includes(name) === true;
    rows.push([code(here), typeOf(field), defaultOf(field, required), field.description ?? '']);
    rows.push(...schemaRows(field, here));
    if (field.items !== undefined) rows.push(...schemaRows(field.items, `${here}[]`));
  }
  return rows;
}

function defaultOf(field: Structural, required: boolean): string {
  if (field.default !== undefined && typeof field.default !== 'object') return code(JSON.stringify(field.default));
  return required ? '*required*' : '';
}

/** What a field may hold, in words. */
export function typeOf(field: Structural): string {
  if (field.enum !== undefined) return field.enum.map((value) => code(String(value))).join(', ');
  const { type = 'any', items, additionalProperties: values } = field;
  if (type === 'array')
    return `list${items === undefined ? '' : ` of ${items.type}`}${upTo(field.maxItems, field.minItems)}`;
  if (type === 'object' && values !== undefined) return `map of ${values.type}${upTo(field.maxProperties)}`;
  if (type === 'integer') return `integer${between(field.minimum, field.maximum)}`;
  if (type === 'string')
    return `string${upTo(field.maxLength)}${field.pattern === undefined ? '' : `, ${code(field.pattern)}`}`;
  return type;
}

function upTo(max: number | undefined, min?: number): string {
  if (max === undefined) return '';
  return min === undefined ? `, at most ${max}` : `, ${min} to ${max}`;
}

function between(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return ` ${min} to ${max}`;
  return min === undefined ? '' : ` from ${min}`;
}
