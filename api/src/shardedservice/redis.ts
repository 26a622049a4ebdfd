import { z } from 'zod';
import { described } from '../crd/fields.ts';

/** `spec.redis`: no default of its own, because it depends on the protocol. */
export const redis = described(
  z
    .strictObject({
      multiKey: described(
        z.enum(['Split', 'Refuse']).default('Split'),
        'Commands with keys of several shards (MGET, MSET, DEL, …). Split: each shard gets its part; an MSET may then be applied in part. Refuse: an error.',
      ),
      partial: described(
        z.enum(['Element', 'Whole']).default('Element'),
        'MGET with a dead shard. Element: an error in place of its elements. Whole: one error for all.',
      ),
      admin: described(
        z.enum(['Refuse', 'Allow']).default('Refuse'),
        'Commands that administer a server (CONFIG SET, SHUTDOWN, DEBUG, …).',
      ),
    })
    .exactOptional(),
  'For protocol redis.',
);
