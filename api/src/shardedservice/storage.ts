import { z } from 'zod';
import { described, type Rule, sentence } from '../crd/fields.ts';

const CLAIMS = "the shards' claims come from StatefulSet claim templates, which never change";

function fixed(field: 'storageClassName' | 'mountPath', why: string): Rule {
  const shown = (object: string) => `(has(${object}.${field}) ? ${object}.${field} : 'none')`;
  return {
    rule: `has(self.${field}) == has(oldSelf.${field}) && (!has(self.${field}) || self.${field} == oldSelf.${field})`,
    message: `cannot change: ${why}`,
    messageExpression: sentence(`found %s, was %s; cannot change: ${why}`, shown('self'), shown('oldSelf')),
    fieldPath: `.${field}`,
  };
}

const size = described(
  z
    .string()
    .min(1)
    .max(32)
    .regex(/^[0-9]+(\.[0-9]+)?([KMGTPE]i|[mkMGTPE]|[eE][0-9]+)?$/)
    .default('1Gi'),
  "The size of each shard's volume, a quantity such as 10Gi, at least 1Mi. It may grow where the storage class can, never shrink.",
  [
    {
      rule: "!isQuantity(self) || !quantity(self).isLessThan(quantity('1Mi'))",
      message: 'too small; allowed: 1Mi and more, for instance 10Gi',
      messageExpression: sentence(
        'found %s; allowed: 1Mi and more, for instance 10Gi (a number without a unit is bytes)',
        'self',
      ),
    },
    { rule: 'isQuantity(self)', message: 'not a quantity; allowed: for instance 10Gi' },
    {
      rule: '!isQuantity(self) || !isQuantity(oldSelf) || !quantity(self).isLessThan(quantity(oldSelf))',
      message: 'a volume cannot shrink; allowed: the former size or more',
      messageExpression: sentence(
        'found %s, was %s: a volume cannot shrink; allowed: the former size and more',
        'self',
        'oldSelf',
      ),
    },
  ],
);

/** `spec.storage`. */
export const storage = described(
  z
    .strictObject({
      size,
      mountPath: described(
        z
          .string()
          .max(255)
          .regex(/^(\/[^/:]+)+\/?$/)
          .default('/data'),
        'Where the volume appears in the container that takes the traffic: an absolute path other than /.',
      ),
      storageClassName: described(
        z
          .string()
          .max(253)
          .regex(/^([a-z0-9]([-.a-z0-9]*[a-z0-9])?)?$/)
          .exactOptional(),
        "The storage class. None: the cluster's default.",
      ),
    })
    .exactOptional(),
  "A volume for each shard. None: the template's own volumes are all there is. Storage cannot be added to, or taken from, a resource that exists.",
  [fixed('storageClassName', CLAIMS), fixed('mountPath', 'the process would no longer find the data that it wrote')],
);

/** Rules of the specification: `has` on a field that came or went needs its parent. */
export const storageRules: readonly Rule[] = [
  {
    rule: 'has(self.storage) == has(oldSelf.storage)',
    message: `spec.storage cannot be added or removed: ${CLAIMS}`,
    messageExpression: sentence(
      `found storage %s, which cannot be: ${CLAIMS}; make a resource of another name and move the data`,
      "(has(self.storage) ? 'added' : 'removed')",
    ),
    // Where it was removed the path must still be one of the schema; the API server allows that.
    fieldPath: '.storage',
  },
  {
    rule: "!has(self.storage) || !has(self.template) || !has(self.template.spec.volumes) || !self.template.spec.volumes.exists(v, v.name == 'data')",
    message: 'found a volume named data, which is the name of the claim of spec.storage; allowed: other names',
    fieldPath: '.template.spec.volumes',
  },
];

/** `spec.claimRetention`. */
export const claimRetention = described(
  z
    .strictObject({
      whenDeleted: described(
        z.enum(['Retain', 'Delete']).default('Retain'),
        'When the resource is deleted. Retain: the claims and their data stay.',
      ),
      whenScaled: described(
        z.enum(['Retain', 'Delete']).default('Retain'),
        'When shards are taken away. Retain: their claims and data stay.',
      ),
    })
    .prefault({}),
  'What becomes of the claims. Data is never deleted unless this says so.',
);
