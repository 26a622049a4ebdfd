import { describe, expect, it } from 'vitest';
import { formatIssues, issuesOf } from '../issues.ts';
import { badCases, goodCases } from './cases/bad.ts';
import { complete, smallest } from './cases/base.ts';
import { shardedService } from './resource.ts';

/** What zod says of a resource: the paths and messages of what is wrong with it. */
function verdict(resource: unknown): string {
  const result = shardedService.safeParse(resource);
  return result.success ? 'accepted' : formatIssues(issuesOf(result.error, resource));
}

describe('the schema in TypeScript', () => {
  it.each(goodCases.map(({ name, resource }) => [name, resource]))('accepts %s', (_, resource) => {
    expect(verdict(resource)).toBe('accepted');
  });

  it.each(badCases.filter(({ by }) => by === 'structure').map((bad) => [bad.name, bad] as const))(
    'refuses %s',
    (_, bad) => {
      // An unknown field is told of at its parent.
      const path = bad.path === 'spec.shard' ? 'spec: ' : bad.path;
      expect(verdict(bad.resource)).toContain(path);
    },
  );

  it.each(badCases.filter(({ by }) => by === 'rule').map((bad) => [bad.name, bad] as const))(
    'leaves %s to the rules of the API server',
    (_, bad) => {
      expect(verdict(bad.resource)).toBe('accepted');
    },
  );

  it('fills in the defaults that depend on no other field, and those only', () => {
    const { spec } = shardedService.parse(smallest());
    expect(spec).toEqual({
      ...smallest().spec,
      replicas: 1,
      claimRetention: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      sharding: { algorithm: 'rendezvous', avalanche: false, onRemap: 'Refuse' },
      failure: { onDeadShard: 'Fail', ejectAfter: 3, retryAfter: '5s', timeout: '1s', onReturn: 'Serve' },
      router: { replicas: 2, service: { type: 'ClusterIP' } },
      suspend: false,
      disruption: { maxUnavailable: 1 },
    });
  });

  it('keeps of a template what it does not know', () => {
    expect(shardedService.parse(complete()).spec.template).toEqual(complete().spec.template);
  });
});
