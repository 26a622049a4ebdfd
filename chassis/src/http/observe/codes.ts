/**
 * The codes of the proxy's own answers (`x-motif-error`) that are series from the start. One that is not here counts as `Other`, so that
 * nothing can make series without bound.
 */
export const OWN_CODES = [
  'BadRequest',
  'SlowRequest',
  'NoShardKey',
  'NoGeoDatabase',
  'BodyTooLarge',
  'BodyCompressed',
  'Overloaded',
  'ShardDown',
  'ShardTimeout',
  'BadUpstream',
  'Deadline',
] as const;

export const OTHER_CODE = 'Other';
