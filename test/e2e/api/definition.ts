import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cluster, waitFor } from '@motif/cluster/testing';
import { parse, stringify } from 'yaml';

const file = join(import.meta.dirname, '../../../charts/motif/files/crds/shardedservices.motif.dev.yaml');

/** The chart's definition as text. */
export const definitionText = readFileSync(file, 'utf8');

/**
 * The chart's definition under a group of this test's own: the same schema, rules and subresources, but no operator that acts
 * on its objects, and nothing that an installed chart owns.
 */
export const group = `e2e-${process.pid}.test.motif.dev`;
export const apiVersion = `${group}/v1alpha1`;
export const plural = 'shardedservices';

/** What the API server answers when the definition is applied; waits until the kind is served. */
export async function installDefinition(): Promise<string> {
  const definition = parse(definitionText);
  definition.metadata.name = `${plural}.${group}`;
  definition.spec.group = group;
  // Short names and categories are the real definition's, which may be installed beside this one.
  definition.spec.names.shortNames = [];
  definition.spec.names.categories = [];
  const answer = await cluster.kubectl(['apply', '--server-side', '-f', '-'], stringify(definition));
  await cluster.kubectl(['wait', '--for=condition=Established', `crd/${plural}.${group}`, '--timeout=60s']);
  await waitFor('the kind in the API server’s discovery', served, { timeoutMs: 60_000 });
  return answer;
}

async function served(): Promise<boolean> {
  const { code } = await cluster.tryKubectl(['get', '--raw', `/openapi/v3/apis/${apiVersion}`]);
  return code === 0;
}

export async function removeDefinition(): Promise<void> {
  await cluster.kubectl(['delete', `crd/${plural}.${group}`, '--ignore-not-found', '--timeout=120s']);
}
