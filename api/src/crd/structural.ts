import { z } from 'zod';
import type { Rule } from './fields.ts';

/** The part of the API server's structural OpenAPI schema that ours use. */
export interface Structural {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  maxProperties?: number;
  format?: string;
  properties?: Record<string, Structural>;
  additionalProperties?: Structural;
  items?: Structural;
  required?: string[];
  'x-kubernetes-preserve-unknown-fields'?: true;
  'x-kubernetes-list-type'?: string;
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-validations'?: Rule[];
}

/** In the order in which a reader wants them. */
const KEYWORDS = [
  'description',
  'type',
  'format',
  'default',
  'enum',
  'pattern',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'maxProperties',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-validations',
  'required',
] as const;

/** What zod says of a JSON schema, before it is made structural. */
type JsonSchema = { [keyword: string]: unknown };

/** The structural schema of what a user may write (`io: 'input'`: fields with a default are not required). */
export function structuralSchema(schema: z.ZodType): Structural {
  return convert(z.toJSONSchema(schema, { target: 'draft-7', io: 'input' }) as JsonSchema, '');
}

function convert(json: JsonSchema, path: string): Structural {
  const out: Record<string, unknown> = {};
  const source: JsonSchema = { ...json };
  if (source.const !== undefined) source.enum = [source.const];
  if (isAnything(source.additionalProperties)) source['x-kubernetes-preserve-unknown-fields'] = true;
  // Zod says so of every integer; beyond it no number is exact anyway.
  if (source.minimum === Number.MIN_SAFE_INTEGER) delete source.minimum;
  if (source.maximum === Number.MAX_SAFE_INTEGER) delete source.maximum;
  if (source.type === undefined) throw new Error(`${path || 'root'}: a structural schema needs a type`);
  for (const keyword of KEYWORDS) if (source[keyword] !== undefined) out[keyword] = source[keyword];
  const properties = source.properties as Record<string, JsonSchema> | undefined;
  if (properties !== undefined && Object.keys(properties).length > 0) {
    out.properties = Object.fromEntries(
      Object.entries(properties).map(([name, child]) => [name, convert(child, `${path}.${name}`)]),
    );
  }
  if (isSchema(source.additionalProperties)) {
    out.additionalProperties = convert(source.additionalProperties, `${path}.*`);
  }
  if (isSchema(source.items)) out.items = convert(source.items, `${path}[]`);
  const structural = out as Structural;
  if (isAnything(structural.default)) structural.default = filled(structural);
  return structural;
}

/** The API server judges a default by the rules as it stands, before it fills in the defaults of what is inside. */
function filled({ properties = {} }: Structural): object {
  const entries = Object.entries(properties).flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(entries);
}

/** What a loose object says of fields it does not know. */
function isAnything(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}
