import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { chart, helm } from './helm.ts';
import { valuesWith, wrongValues } from './wrong-values.ts';

interface Manifest {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Record<string, string>;
  };
  readonly rules?: readonly { apiGroups: string[]; resources: string[]; verbs: string[] }[];
  readonly spec?: Record<string, unknown>;
}

const folder = mkdtempSync(join(tmpdir(), 'motif-chart-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the chart renders with these values, as text. */
async function render(values: unknown = {}): Promise<string> {
  const { code, stdout, stderr } = await template(values);
  expect(stderr).not.toMatch(/error|warning/i);
  expect(code).toBe(0);
  return stdout;
}

let files = 0;
function template(values: unknown) {
  const file = join(folder, `${files++}.json`);
  writeFileSync(file, JSON.stringify(values));
  return helm('template', 'motif', chart, '--namespace', 'motif-system', '--values', file);
}

function manifests(text: string): Manifest[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
}

const kinds = async (values: unknown = {}) => manifests(await render(values)).map(({ kind }) => kind);

test('renders the same bytes twice', async () => {
  const values = { operator: { podLabels: { b: '1', a: '2' } }, metrics: { prometheusRule: { enabled: true } } };
  expect(await render(values)).toBe(await render(values));
});

describe('refuses, naming the value', () => {
  const schema = JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8'));

  test('every value of the schema that is wrong', async () => {
    const wrong = wrongValues(schema);
    expect(wrong.length).toBeGreaterThan(80);
    for (const one of wrong) {
      const { code, stderr } = await template(valuesWith(one));
      const told = one.path.filter((key) => stderr.includes(key));
      expect({ ...one, code, told }, stderr).toEqual({ ...one, code: 1, told: one.path });
    }
  });

  test('and the schema knows every value of values.yaml', async () => {
    const defaults = parseAllDocuments(readFileSync(join(chart, 'values.yaml'), 'utf8'))[0]?.toJS();
    const known = (part: { properties?: Record<string, unknown> }, value: unknown): boolean =>
      typeof value !== 'object' ||
      value === null ||
      part.properties === undefined ||
      Object.entries(value).every(([key, inner]) => {
        const next = part.properties?.[key];
        return next !== undefined && known(next as typeof part, inner);
      });
    expect(known(schema, defaults)).toBe(true);
  });
});

describe('rights', () => {
  test('no wildcard, no secrets, no change of pods but a patch', async () => {
    const rules = manifests(await render()).flatMap(({ rules = [] }) => rules);
    expect(rules.length).toBeGreaterThan(5);
    for (const { apiGroups, resources, verbs } of rules) {
      expect([...apiGroups, ...resources, ...verbs].filter((word) => word.includes('*'))).toEqual([]);
      expect(resources).not.toContain('secrets');
      const writes = verbs.filter((verb) => !['get', 'list', 'watch'].includes(verb));
      if (resources.some((resource) => resource.startsWith('pods'))) expect(writes).toEqual(['patch']);
    }
  });

  test('with watchNamespaces the rights are in those namespaces, and none are cluster-wide but a look at storage classes', async () => {
    const all = manifests(await render({ operator: { watchNamespaces: ['one', 'two'] }, rbac: { aggregate: false } }));
    const roles = all.filter(({ kind }) => kind === 'Role').map(({ metadata }) => metadata.namespace);
    expect(roles.toSorted()).toEqual(['motif-system', 'one', 'two']);
    const clusterRoles = all.filter(({ kind }) => kind === 'ClusterRole');
    expect(clusterRoles.flatMap(({ rules = [] }) => rules)).toEqual([
      { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: ['get'] },
    ]);
  });
});

describe('switches', () => {
  test('definitions are kept unless told otherwise, and can be left out', async () => {
    const crds = (text: string) => manifests(text).filter(({ kind }) => kind === 'CustomResourceDefinition');
    const kept = crds(await render());
    expect(kept.map(({ metadata }) => metadata.name)).toContain('shardedservices.motif.dev');
    for (const { metadata } of kept) expect(metadata.annotations).toMatchObject({ 'helm.sh/resource-policy': 'keep' });
    for (const { metadata } of crds(await render({ crds: { keep: false } }))) {
      expect(metadata.annotations?.['helm.sh/resource-policy']).toBeUndefined();
    }
    expect(crds(await render({ crds: { enabled: false } }))).toEqual([]);
  });

  test('what needs other definitions or is a matter of taste can be switched', async () => {
    const usual = await kinds();
    expect(usual).not.toContain('ServiceMonitor');
    expect(usual).not.toContain('PrometheusRule');
    expect(usual).toContain('ValidatingAdmissionPolicy');
    expect(usual).toContain('PodDisruptionBudget');
    const other = await kinds({
      metrics: { serviceMonitor: { enabled: true }, prometheusRule: { enabled: true } },
      podPolicy: { enabled: false },
      operator: { disruptionBudget: { enabled: false } },
    });
    expect(other).toContain('ServiceMonitor');
    expect(other).toContain('PrometheusRule');
    expect(other).not.toContain('ValidatingAdmissionPolicy');
    expect(other).not.toContain('PodDisruptionBudget');
  });

  test('a registry stands before the operator’s image and what it gives to routers', async () => {
    const text = await render({ image: { registry: 'registry.example.com/team/', tag: '9.9.9' } });
    expect(text).toContain('image: registry.example.com/team/motif/operator:9.9.9');
    expect(text).toContain('value: "registry.example.com/team/motif"');
  });
});
