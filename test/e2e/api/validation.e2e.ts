import { badCases, goodCases } from '@motif/api/shardedservice/cases/bad';
import type { Draft } from '@motif/api/shardedservice/cases/base';
import { type Transition, transitions } from '@motif/api/shardedservice/cases/transitions';
import { cluster, type TestNamespace } from '@motif/cluster/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiVersion, definitionText, group, installDefinition, plural, removeDefinition } from './definition.ts';

let namespace: TestNamespace;

beforeAll(async () => {
  await installDefinition();
  namespace = await cluster.namespace('api');
});

afterAll(async () => {
  await namespace?.remove();
  await removeDefinition();
});

/** What `kubectl apply` says of a resource: its output, and whether it took it. */
async function apply(resource: Draft, name = resource.metadata.name): Promise<{ ok: boolean; said: string }> {
  const manifest = JSON.stringify({ ...resource, apiVersion, metadata: { ...resource.metadata, name } });
  return kubectl(['apply', '-f', '-'], manifest);
}

async function kubectl(args: readonly string[], input?: string): Promise<{ ok: boolean; said: string }> {
  const { code, stdout, stderr } = await cluster.tryKubectl(['--namespace', namespace.name, ...args], input);
  return { ok: code === 0, said: `${stdout}${stderr}` };
}

/** Replaces as `kubectl apply` would for a user who keeps the whole manifest in a file. */
async function change(name: string, { from, to }: Transition): Promise<{ ok: boolean; said: string }> {
  const first = await apply(from, name);
  expect(first, 'the resource before the change').toEqual({ ok: true, said: expect.stringContaining('created') });
  return apply(to, name);
}

describe('kubectl apply', () => {
  it.concurrent.each(badCases.map((bad) => [bad.name, bad] as const))(
    'refuses %s, saying what and why',
    async (_, bad) => {
      const { ok, said } = await apply(bad.resource);
      expect(ok, said).toBe(false);
      for (const part of bad.says) expect(said).toContain(part);
    },
  );

  it.concurrent.each(goodCases.map(({ name, resource }, i) => [name, resource, i] as const))(
    'takes %s',
    async (_, resource, i) => {
      const own = resource.metadata.name === 'cart' ? `good-${i}` : resource.metadata.name;
      expect(await apply(resource, own)).toEqual({ ok: true, said: expect.stringContaining('created') });
    },
  );

  it.concurrent.each(transitions.map((transition, i) => [transition.name, transition, i] as const))(
    'judges a change: %s',
    async (_, transition, i) => {
      const { ok, said } = await change(`change-${i}`, transition);
      if (transition.refusal === undefined) {
        expect({ ok, said }).toEqual({ ok: true, said: expect.stringContaining('configured') });
        return;
      }
      expect(ok, said).toBe(false);
      for (const part of transition.refusal) expect(said).toContain(part);
    },
  );

  it('knows more than thirty wrong resources', () => {
    expect(badCases.length).toBeGreaterThan(30);
  });
});

describe('kubectl scale', () => {
  const scale = (name: string, replicas: number) =>
    kubectl(['scale', `${plural}.${group}/${name}`, `--replicas=${replicas}`]);

  it('is refused under Refuse and works under Remap', async () => {
    const { resource } = goodCases[0]!;
    expect((await apply(resource, 'scaled')).ok).toBe(true);
    const refusal = await scale('scaled', 4);
    expect(refusal.ok).toBe(false);
    expect(refusal.said).toContain('spec.shards');
    expect(refusal.said).toContain('found 4, was 3: cannot change while spec.sharding.onRemap is Refuse');
    expect((await scale('scaled', 3)).ok, 'the same number is no change').toBe(true);

    const allow = JSON.stringify({ spec: { sharding: { onRemap: 'Remap' } } });
    expect((await kubectl(['patch', `${plural}.${group}/scaled`, '--type=merge', '-p', allow])).ok).toBe(true);
    expect(await scale('scaled', 4)).toEqual({ ok: true, said: expect.stringContaining('scaled') });
    const bounded = await scale('scaled', 300);
    expect(bounded.ok).toBe(false);
    expect(bounded.said).toContain('256');
    expect((await kubectl(['get', `${plural}.${group}/scaled`, '-o', 'jsonpath={.spec.shards}'])).said).toBe('4');
  });
});

describe('the definition', () => {
  it('is below 200 kB and free of warnings', async () => {
    expect(Buffer.byteLength(definitionText)).toBeLessThan(200_000);
    const crd = JSON.parse(await cluster.kubectl(['get', `crd/${plural}.${group}`, '-o', 'json']));
    expect(crd.status.conditions.find(({ type }: { type: string }) => type === 'NonStructuralSchema')).toBeUndefined();
    const accepted = crd.status.conditions.find(({ type }: { type: string }) => type === 'NamesAccepted');
    expect(accepted).toMatchObject({ status: 'True' });
  });

  it.each([
    [
      'spec',
      ['How many shards, 1 to 256', 'The pod template of each shard', 'What happens when a shard does not answer'],
    ],
    ['spec.sharding', ['Where a key lives is a contract', 'enum: rendezvous, ketama', 'by kubectl scale too']],
    ['spec.sharding.key', ['For protocol http, and required there', 'of which the first that is present counts']],
    ['spec.overrides', ['Its share of the keys', 'sets one shard apart']],
    ['spec.shardAutoscaling', ['so that a hot shard grows alone', 'At most so many']],
    ['spec.storage', ['A volume for each shard', 'It may grow']],
    ['spec.failure', ['the next owner takes over', 'From 1ms to 1h']],
    ['spec.template.spec.containers', ['The image to run']],
    ['status.conditions', ['Ready, Progressing or Degraded', 'Since when']],
  ])('explains %s', async (path, sentences) => {
    const args = ['explain', `${plural}.${path}`, `--api-version=${apiVersion}`];
    const said = (await cluster.kubectl(args)).replaceAll(/\s+/g, ' ');
    for (const sentence of sentences) expect(said).toContain(sentence);
  });

  it('shows whether it is up, how much of it and since when', async () => {
    expect((await apply(goodCases[0]!.resource, 'shown')).ok).toBe(true);
    const status = {
      status: {
        observedGeneration: 1,
        shards: 3,
        readyShards: 2,
        epoch: 5,
        conditions: [
          {
            type: 'Ready',
            status: 'False',
            reason: 'ShardsNotReady',
            message: 'shown-1 is not ready',
            lastTransitionTime: new Date(Date.now() - 3_600_000).toISOString(),
          },
        ],
      },
    };
    const patch = ['patch', `${plural}.${group}/shown`, '--subresource=status', '--type=merge', '-p'];
    expect((await kubectl([...patch, JSON.stringify(status)])).ok).toBe(true);
    const short = (await kubectl(['get', `${plural}.${group}/shown`])).said.split('\n');
    expect(short[0]?.split(/\s+/).filter(Boolean)).toEqual([
      'NAME',
      'PROTOCOL',
      'READY',
      'UP',
      'SHARDS',
      'SINCE',
      'AGE',
    ]);
    expect(short[1]).toMatch(/^shown +redis +False +2 +3 +(60m|1h|61m) +\d+s/);
    expect((await kubectl(['get', `${plural}.${group}/shown`, '-o', 'wide'])).said).toMatch(
      /REASON.*\n.*ShardsNotReady/,
    );
    const bad = JSON.stringify({
      status: { conditions: [{ type: 'Ready', status: 'Maybe', reason: 'X', message: '', lastTransitionTime: 'now' }] },
    });
    expect((await kubectl([...patch, bad])).said).toContain('status.conditions[0].status: Unsupported value: "Maybe"');
  });
});
