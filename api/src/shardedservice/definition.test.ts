import { describe, expect, it } from 'vitest';
import type { Structural } from '../crd/structural.ts';
import { generatedFiles, shardedServiceDefinition, shardedServiceSchema } from '../generated-files.ts';

interface Place {
  readonly path: string;
  readonly schema: Structural;
}

function places(schema: Structural, path = ''): Place[] {
  const inner = Object.entries(schema.properties ?? {}).flatMap(([name, child]) => places(child, `${path}.${name}`));
  const items = schema.items === undefined ? [] : places(schema.items, `${path}[]`);
  const values = schema.additionalProperties === undefined ? [] : places(schema.additionalProperties, `${path}.*`);
  return [{ path, schema }, ...inner, ...items, ...values];
}

const all = places(shardedServiceSchema()).filter(({ path }) => !/^\.(apiVersion|kind|metadata)/.test(path));
const where = (test: (schema: Structural, path: string) => boolean): string[] =>
  all.filter(({ schema, path }) => test(schema, path)).map(({ path }) => path);

describe('the definition of ShardedService', () => {
  it('bounds every list, map, string and number', () => {
    expect(where(({ type, maxItems }) => type === 'array' && maxItems === undefined)).toEqual([]);
    expect(where((schema) => schema.additionalProperties !== undefined && schema.maxProperties === undefined)).toEqual(
      [],
    );
    expect(where(({ type, maxLength, enum: values }) => type === 'string' && !maxLength && !values)).toEqual([]);
    expect(where(({ type, minimum }) => type === 'integer' && minimum === undefined)).toEqual([]);
    expect(where(({ type }, path) => type === 'number' || (path.startsWith('.spec') && type === undefined))).toEqual(
      [],
    );
  });

  it('describes every field, in sentences', () => {
    const named = (path: string): boolean => !/(\[\]|\.\*)$/.test(path) && path !== '';
    expect(where(({ description }, path) => named(path) && !description?.endsWith('.'))).toEqual([]);
  });

  it('has rules whose messages say what is allowed or why not', () => {
    const rules = all.flatMap(({ schema }) => schema['x-kubernetes-validations'] ?? []);
    expect(rules.length).toBeGreaterThan(30);
    for (const { message, rule } of rules) {
      expect(message, rule).toMatch(/allowed|cannot|Remap/);
      expect(message, rule).not.toContain('\n');
    }
  });

  it('is below 200 kB', () => {
    const file = generatedFiles.find(({ path }) => path.endsWith('shardedservices.motif.dev.yaml'));
    expect(Buffer.byteLength(file!.render())).toBeLessThan(200_000);
  });

  it('has the names, columns and subresources of its contract', () => {
    expect(shardedServiceDefinition()).toMatchObject({
      metadata: { name: 'shardedservices.motif.dev' },
      spec: {
        group: 'motif.dev',
        scope: 'Namespaced',
        names: { kind: 'ShardedService', shortNames: ['ssvc'], categories: ['motif'] },
        versions: [
          {
            name: 'v1alpha1',
            subresources: {
              status: {},
              scale: { specReplicasPath: '.spec.shards', statusReplicasPath: '.status.shards' },
            },
          },
        ],
      },
    });
    expect(JSON.stringify(shardedServiceDefinition())).not.toContain('labelSelectorPath');
  });
});
