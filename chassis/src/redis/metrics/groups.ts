/** Command groups, as Redis's own documentation has them: the label `group` of the metrics. */
export const GROUPS = [
  'string',
  'hash',
  'list',
  'set',
  'sorted_set',
  'stream',
  'bitmap',
  'geo',
  'hyperloglog',
  'generic',
  'connection',
  'scripting',
  'pubsub',
  'transactions',
  'cluster',
  'server',
  'module',
  'other',
] as const;

export const OTHER_GROUP = GROUPS.length - 1;

export const groupIndex: ReadonlyMap<string, number> = new Map(GROUPS.map((name, index) => [name, index]));
