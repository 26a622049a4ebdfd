import { z } from 'zod';
import { described, type Rule, sentence } from '../crd/fields.ts';
import { DURATION_MAX_LENGTH, DURATION_PATTERN } from '../patterns.ts';

/** A duration between two others, both inclusive. */
function duration(fallback: string, min: string, max: string, description: string) {
  const allowed = `${min} to ${max}, for instance ${fallback}`;
  const rule: Rule = {
    rule: `duration(self) >= duration('${min}') && duration(self) <= duration('${max}')`,
    message: `allowed: ${allowed}`,
    messageExpression: sentence(`found %s; allowed: ${allowed}`, 'self'),
  };
  const schema = z.string().max(DURATION_MAX_LENGTH).regex(new RegExp(DURATION_PATTERN)).default(fallback);
  return described(schema, `${description} From ${min} to ${max}.`, [rule]);
}

/** `spec.failure`. */
export const failure = described(
  z
    .strictObject({
      onDeadShard: described(
        z.enum(['Fail', 'Rehash']).default('Fail'),
        'What happens to the keys of a dead shard. Fail: an error at once, as a store wants it. Rehash: the next owner takes over, as a cache wants it.',
      ),
      ejectAfter: described(
        z.int().min(1).max(1000).default(3),
        'After how many failures in a row a shard counts as dead.',
      ),
      retryAfter: duration('5s', '10ms', '60s', 'When a dead shard is probed first; doubles with jitter up to 60s.'),
      timeout: duration('1s', '1ms', '1h', 'How long one command may take.'),
      onReturn: described(
        z.enum(['Serve', 'Flush']).default('Serve'),
        'For onDeadShard Rehash: whether a shard comes back with what it had (Serve) or empty (Flush), so that nobody reads what has since been written elsewhere.',
      ),
    })
    .prefault({}),
  'What happens when a shard does not answer.',
  [
    {
      rule: "self.onReturn != 'Flush' || self.onDeadShard == 'Rehash'",
      message:
        'found Flush with onDeadShard Fail, where no key ever leaves its shard; allowed: Serve, or onDeadShard Rehash',
      fieldPath: '.onReturn',
    },
  ],
);
