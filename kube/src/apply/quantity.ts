import { parseQuantity } from '@motif/kit';

/** Fields below which every scalar is a quantity, and fields that are one themselves. */
const QUANTITY_MAPS: ReadonlySet<string> = new Set(['limits', 'requests', 'capacity', 'allocatedResources', 'hard']);
const QUANTITY_FIELDS: ReadonlySet<string> = new Set(['sizeLimit', 'divisor', 'averageValue']);

/** Whether a field holds a quantity: `resources.limits.cpu`, `emptyDir.sizeLimit`. An environment variable's value never does. */
export function holdsQuantity(field: string, parent: string): boolean {
  return QUANTITY_FIELDS.has(field) || QUANTITY_MAPS.has(parent);
}

/** Whether two spellings mean the same amount: `1000m` and `1`, `1024Mi` and `1Gi`. False where one is no quantity. */
export function sameQuantity(left: unknown, right: unknown): boolean {
  try {
    return parseQuantity(String(left)) === parseQuantity(String(right));
  } catch {
    return false;
  }
}
