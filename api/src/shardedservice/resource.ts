import { z } from 'zod';
import { GROUP, type KindDefinition, VERSION } from '../crd/definition.ts';
import { described, sentence } from '../crd/fields.ts';
import { NAME_MAX_LENGTH, NAME_PATTERN } from '../patterns.ts';
import { shardedServiceSpec } from './spec.ts';
import { shardedServiceStatus } from './status.ts';

const allowedName = `a letter, then letters, digits and -, at most ${NAME_MAX_LENGTH} characters, all of them lower case`;

/** A ShardedService as a user writes it (input) or the API server stores it (output: with defaults). */
export const shardedService = described(
  z.strictObject({
    apiVersion: z.literal(`${GROUP}/${VERSION}`).meta({ description: `${GROUP}/${VERSION}` }),
    kind: z.literal('ShardedService').meta({ description: 'ShardedService' }),
    metadata: z.looseObject({
      name: z.string().max(NAME_MAX_LENGTH).regex(new RegExp(NAME_PATTERN)).exactOptional(),
    }),
    spec: shardedServiceSpec,
    status: shardedServiceStatus,
  }),
  'Spreads keys over shards: for each shard a StatefulSet, before them a router that makes them look like one.',
  [
    {
      rule: `self.metadata.name.matches('${NAME_PATTERN}') && self.metadata.name.size() <= ${NAME_MAX_LENGTH}`,
      message: `allowed: ${allowedName}, so that the names of children fit`,
      messageExpression: sentence(
        `found %s; allowed: ${allowedName}, so that the names of children fit`,
        'self.metadata.name',
      ),
      fieldPath: '.metadata.name',
    },
  ],
);

/** As stored: what the operator reads. */
export type ShardedService = z.output<typeof shardedService>;
/** As written. */
export type ShardedServiceInput = z.input<typeof shardedService>;
export type ShardedServiceSpec = ShardedService['spec'];
export type ShardedServiceStatus = NonNullable<ShardedService['status']>;

const ready = '.status.conditions[?(@.type=="Ready")]';

export const shardedServiceKind: KindDefinition = {
  kind: 'ShardedService',
  plural: 'shardedservices',
  singular: 'shardedservice',
  shortName: 'ssvc',
  scale: { specReplicasPath: '.spec.shards', statusReplicasPath: '.status.shards' },
  columns: [
    { name: 'Protocol', type: 'string', jsonPath: '.spec.protocol', description: 'What the shards speak.' },
    { name: 'Ready', type: 'string', jsonPath: `${ready}.status`, description: 'Whether it is up.' },
    { name: 'Up', type: 'integer', jsonPath: '.status.readyShards', description: 'How many shards are ready.' },
    { name: 'Shards', type: 'integer', jsonPath: '.spec.shards', description: 'How many shards are wanted.' },
    { name: 'Since', type: 'date', jsonPath: `${ready}.lastTransitionTime`, description: 'Since when Ready says so.' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: 'Since when it exists.' },
    { name: 'Reason', type: 'string', jsonPath: `${ready}.reason`, description: 'Why Ready says so.', priority: 1 },
    {
      name: 'Degraded',
      type: 'string',
      jsonPath: '.status.conditions[?(@.type=="Degraded")].reason',
      description: 'What is wrong, if anything.',
      priority: 1,
    },
    {
      name: 'Epoch',
      type: 'integer',
      jsonPath: '.status.epoch',
      description: 'The epoch of the topology.',
      priority: 1,
    },
  ],
};
