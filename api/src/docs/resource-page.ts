import { GROUP, type KindDefinition, VERSION } from '../crd/definition.ts';
import type { Structural } from '../crd/structural.ts';
import { code, generatedNote, table } from './markdown.ts';
import { schemaRows } from './schema-rows.ts';

interface PlacedRule {
  readonly path: string;
  readonly message: string;
}

/** The reference page of a kind. */
export function resourcePage(definition: KindDefinition, schema: Structural): string {
  const { kind, plural, shortName, columns } = definition;
  const { spec, status } = schema.properties ?? {};
  if (spec === undefined || status === undefined) throw new Error(`${kind}: the schema lacks spec or status`);
  const fields = ['field', 'what it may be', 'default', 'meaning'];
  return [
    generatedNote('api/src'),
    `# ${kind}\n`,
    `${schema.description}\n`,
    `${code(`${GROUP}/${VERSION}`)}, namespaced; ${code(`kubectl get ${shortName}`)} (${plural}, also in the category ${code('motif')}); ` +
      `${code(`kubectl scale ${shortName}/NAME --replicas N`)} sets ${code('spec.shards')}. ` +
      `Conditions and their reasons: [conditions](conditions.md). The same texts: ${code(`kubectl explain ${shortName}.spec`)}.\n`,
    '## spec\n',
    'A field without a default may be left out; what then holds is said beside it.\n',
    `${table(fields, schemaRows(spec))}\n`,
    '## What is refused\n',
    `Besides what the table above says, ${code('kubectl apply')} refuses (the message then says what was found):\n`,
    `${table(
      ['field', 'why, and what is allowed'],
      rulesOf(schema).map(({ path, message }) => [path, message]),
    )}\n`,
    '## status\n',
    `${table(fields, schemaRows(status))}\n`,
    '## Columns of kubectl get\n',
    `${table(
      ['column', 'from', 'meaning'],
      columns.map(({ name, jsonPath, description, priority }) => [
        `${name}${priority === 1 ? ' (`-o wide`)' : ''}`,
        code(jsonPath),
        description,
      ]),
    )}\n`,
  ].join('\n');
}

function rulesOf(schema: Structural, path = ''): PlacedRule[] {
  const own = (schema['x-kubernetes-validations'] ?? []).map(({ fieldPath = '', message }) => ({
    path: code(`${path}${fieldPath}`.replace(/^\./, '')),
    message,
  }));
  const children = Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    rulesOf(child, `${path}.${name}`),
  );
  return [...own, ...children, ...(schema.items === undefined ? [] : rulesOf(schema.items, `${path}[]`))];
}
