import { z } from 'zod';
import { described, listMap } from '../crd/fields.ts';

const condition = z.strictObject({
  type: described(z.string().min(1).max(316), 'Ready, Progressing or Degraded.'),
  status: described(z.enum(['True', 'False', 'Unknown']), 'Whether it holds.'),
  reason: described(
    z
      .string()
      .min(1)
      .max(1024)
      .regex(/^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/),
    'Why, in one word (docs/reference/conditions.md).',
  ),
  message: described(z.string().max(32768), 'Why, for people.'),
  lastTransitionTime: described(z.string().max(40).meta({ format: 'date-time' }), 'Since when.'),
  observedGeneration: described(z.int().min(0).exactOptional(), 'The generation that this was said of.'),
});

const count = (description: string) => described(z.int().min(0).exactOptional(), description);

/** `status` of a ShardedService. */
export const shardedServiceStatus = described(
  z
    .strictObject({
      observedGeneration: count('The generation that this status is about.'),
      epoch: count('The epoch of the topology that the data plane was told last.'),
      dataPlaneVersion: described(
        z.string().max(64).exactOptional(),
        "The version of Motif's own containers that run.",
      ),
      shards: count('How many shards there are.'),
      readyShards: count('How many of them are ready: with at least one ready replica.'),
      replicas: count('How many pods of shards there are.'),
      readyReplicas: count('How many of them are ready.'),
      updatedShards: count('How many of them run the present template.'),
      readyRouters: count('How many router pods are ready.'),
      conditions: described(listMap(condition, 'type', 16).exactOptional(), 'Ready, Progressing and Degraded.'),
    })
    .exactOptional(),
  'What is.',
);
