/** The part of JSON Schema that values.schema.json uses. */
export interface ValuesSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: ValuesSchema;
  readonly anyOf?: readonly ValuesSchema[];
  readonly properties?: Readonly<Record<string, ValuesSchema>>;
  readonly additionalProperties?: boolean | ValuesSchema;
}

/** A value that the schema must refuse. */
export interface WrongValue {
  /** The keys that lead to it, from the top. */
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Every value of the schema wrong in each way that its schema speaks of, and an unknown key in every object that is closed. */
export function wrongValues(schema: ValuesSchema, path: readonly string[] = []): WrongValue[] {
  if (schema.type === 'object') return wrongObjects(schema, path);
  return wrongLeaves(schema).map((value) => ({ path, value }));
}

function wrongObjects(schema: ValuesSchema, path: readonly string[]): WrongValue[] {
  const inner = Object.entries(schema.properties ?? {}).flatMap(([key, part]) => wrongValues(part, [...path, key]));
  const { additionalProperties: rest } = schema;
  const unknown = rest === false ? [{ path: [...path, 'unknownKey'], value: 1 }] : [];
  const others = typeof rest === 'object' ? wrongValues(rest, [...path, 'someKey']) : [];
  // The top level itself is given by helm and always an object.
  const itself = path.length === 0 ? [] : [{ path, value: 'no object' }];
  return [...itself, ...inner, ...unknown, ...others];
}

function wrongLeaves(schema: ValuesSchema): unknown[] {
  if (schema.anyOf !== undefined) return [true, '!'];
  if (schema.type === 'array') return ['no list', ...wrongLeaves(schema.items ?? {}).map((item) => [item])];
  if (schema.enum !== undefined) return ['Unheard-Of', 7];
  if (schema.type === 'boolean') return ['yes'];
  if (schema.type === 'string') return schema.pattern === undefined ? [7] : [7, '!'];
  if (schema.type === 'object') return ['no object'];
  const bounds = [
    schema.minimum === undefined ? [] : [schema.minimum - 1],
    schema.maximum === undefined ? [] : [schema.maximum + 1],
  ];
  return ['many', 1.5, ...bounds.flat()];
}

/** The values file that holds nothing but this one value. */
export function valuesWith({ path, value }: WrongValue): unknown {
  return path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
}
