import { z } from 'zod';
import { described, listMap } from '../crd/fields.ts';
import { notYet } from './not-yet.ts';

/** Fields that are part of the contract and do not work yet. */

/** `spec.external`. */
export const external = described(
  listMap(
    z.strictObject({
      name: described(z.string().min(1).max(63), "The shard's name."),
      address: described(z.string().min(1).max(259), 'host:port.'),
      hashName: described(
        z.string().min(1).max(253).exactOptional(),
        "The shard's identity in every hash. None: its name.",
      ),
      weight: described(
        z.int().min(1).max(32767).exactOptional(),
        'Its share of the keys, relative to the others (1).',
      ),
    }),
    'name',
    256,
  ).exactOptional(),
  'Shards that exist elsewhere, instead of template and shards. Not yet supported.',
  [notYet('self.size() == 0', 'self.size()', 'template and shards instead')],
);
