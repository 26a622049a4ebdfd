import { firstDifference, firstUnwanted } from '@motif/kube/apply/compare';
import type { FieldSet } from '@motif/kube/fields/field-set';
import type { StatefulSet } from '../kinds.ts';

/**
 * The first field of the pod template in which the live StatefulSet is not what is wanted, or undefined: what would restart its
 * pods. Fields of others (defaults, what users add) do not count.
 */
export function templateDifference(wanted: StatefulSet, live: StatefulSet, manager = 'motif'): string | undefined {
  const entry = live.metadata.managedFields?.find(
    (one) => one.manager === manager && one.operation === 'Apply' && one.subresource === undefined,
  );
  const owned = entry?.fieldsV1 as FieldSet | undefined;
  const fields = { spec: { template: wanted.spec.template } };
  const different = firstDifference(fields, live, owned);
  if (different !== undefined) return different;
  const template = owned?.['f:spec']?.['f:template'];
  return template === undefined ? undefined : firstUnwanted(wanted.spec.template, template, 'spec.template');
}
