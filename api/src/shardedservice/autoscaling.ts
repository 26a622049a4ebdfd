import { z } from 'zod';
import { anyObject, described, sentence } from '../crd/fields.ts';

const TYPES = ['Resource', 'ContainerResource', 'Pods', 'Object', 'External'] as const;

const metric = z.looseObject({
  type: described(z.string().min(1).max(63), 'Resource, ContainerResource, Pods, Object or External.', [
    {
      rule: `self in ['${TYPES.join("', '")}']`,
      message: `not yet supported, or unknown; allowed: ${TYPES.join(', ')}`,
      messageExpression: sentence(
        `found %s, which is not yet supported, or unknown; allowed: ${TYPES.join(', ')}`,
        'self',
      ),
    },
  ]),
});

/** `spec.shardAutoscaling`. */
export const shardAutoscaling = described(
  z
    .strictObject({
      minReplicas: described(z.int().min(1).max(64).exactOptional(), 'At least so many replicas of a shard. None: 1.'),
      maxReplicas: described(z.int().min(1).max(64), 'At most so many.'),
      metrics: described(
        z.array(metric).min(1).max(16).exactOptional(),
        'As in autoscaling/v2. None: the CPU, to be at 80 % of what the pods request.',
      ),
      behavior: described(anyObject().exactOptional(), 'As in autoscaling/v2.'),
    })
    .exactOptional(),
  'For protocol http: a HorizontalPodAutoscaler for each shard, so that a hot shard grows alone. spec.replicas is then what a shard starts with; a shard whose replicas an override sets has none. None: no autoscaler.',
  [
    {
      rule: '!has(self.minReplicas) || self.minReplicas <= self.maxReplicas',
      message: 'above maxReplicas; allowed: at most maxReplicas',
      messageExpression: sentence(
        'found %d with maxReplicas %d; allowed: at most that',
        'self.minReplicas',
        'self.maxReplicas',
      ),
      fieldPath: '.minReplicas',
    },
  ],
);
