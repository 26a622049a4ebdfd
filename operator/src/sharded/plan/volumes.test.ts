import { describe, expect, test } from 'vitest';
import { planVolumes, type ShardVolume } from './volumes.ts';

const volume = (over: Partial<ShardVolume> = {}): ShardVolume => ({
  index: 0,
  wanted: '2Gi',
  claim: 'data-cart-0-0',
  claimed: '1Gi',
  storageClass: 'standard',
  expandable: true,
  template: '1Gi',
  claimTiedToSet: false,
  ...over,
});

describe('planVolumes', () => {
  test('does nothing where sizes are equal, however they are spelled, or larger than wanted', () => {
    const same = volume({ wanted: '1Gi', claimed: '1024Mi', template: '1073741824' });
    const larger = volume({ wanted: '1Gi', claimed: '3Gi', template: '1Gi' });
    for (const one of [same, larger])
      expect(planVolumes([one])).toMatchObject({ grow: [], replace: undefined, pending: [] });
  });

  test('grows all claims first, then replaces the StatefulSets one at a time', () => {
    const first = planVolumes([volume(), volume({ index: 1, claimed: '2Gi' })]);
    expect(first).toMatchObject({ grow: [0], replace: undefined, pending: [0, 1] });
    const grown = [volume({ claimed: '2Gi' }), volume({ index: 1, claimed: '2Gi' })];
    expect(planVolumes(grown)).toMatchObject({ grow: [], replace: 0, pending: [0, 1] });
    expect(
      planVolumes([volume({ claimed: '2Gi', template: '2Gi' }), volume({ index: 1, claimed: '2Gi' })]).replace,
    ).toBe(1);
  });

  test('replaces nothing that would take its claim along', () => {
    const tied = volume({ claimed: '2Gi', claimTiedToSet: true });
    expect(planVolumes([tied])).toMatchObject({ untie: [0], replace: undefined });
  });

  test('touches nothing where one class cannot expand, and says which', () => {
    const plan = planVolumes([
      volume(),
      volume({ index: 1, claim: 'data-cart-1-0', storageClass: 'fixed', expandable: false }),
    ]);
    expect(plan).toMatchObject({ grow: [], replace: undefined });
    expect(plan.refused).toBe(
      'spec.storage.size is 2Gi and claim data-cart-1-0 has 1Gi: storage class fixed does not allow volumes to expand',
    );
    expect(planVolumes([volume({ expandable: undefined })]).refused).toContain('was not found');
    expect(planVolumes([volume({ expandable: undefined, storageClass: undefined })]).refused).toContain(
      'names no storage class',
    );
  });

  test('needs no claim to replace a StatefulSet that never made one', () => {
    expect(planVolumes([volume({ claimed: undefined })])).toMatchObject({ grow: [], replace: 0 });
  });
});
