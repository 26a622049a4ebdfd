import { type Rule, sentence } from '../crd/fields.ts';

const MOVES = 'it moves keys to shards that do not have their data';

/** A rule that a field of where keys live stays, in the words of whoever changes it. `of` gives CEL text for `self` or `oldSelf`. */
function keeps(fieldPath: string, same: string, of: (object: string) => string, what = ''): Rule {
  return {
    rule: `self.sharding.onRemap == 'Remap' || (${same})`,
    message: `cannot change while spec.sharding.onRemap is Refuse: ${MOVES}. To make the change all the same, set spec.sharding.onRemap to Remap`,
    messageExpression: sentence(
      `found ${what}%s, was %s: cannot change while spec.sharding.onRemap is Refuse, because ${MOVES}; ` +
        'allowed: the former value, or with spec.sharding.onRemap set to Remap (in the same edit) any',
      of('self'),
      of('oldSelf'),
    ),
    fieldPath,
  };
}

const either = (path: string, fallback: string) => (object: string) =>
  `(has(${object}.${path}) ? ${object}.${path} : ${fallback})`;

/** A field that is the same when CEL finds it equal, its default in the place of one that is not there. */
function keepsEqual(fieldPath: string, of: (object: string) => string): Rule {
  return keeps(fieldPath, `${of('self')} == ${of('oldSelf')}`, of);
}

const sizeOf = (path: string) => (object: string) => `(has(${object}.${path}) ? ${object}.${path}.size() : 0)`;

/** A list of map or range: shown by its size only, as it may be long. */
function keepsList(path: string): Rule {
  const same =
    `(has(self.${path}) && self.${path}.size() > 0) == (has(oldSelf.${path}) && oldSelf.${path}.size() > 0) && ` +
    `(!has(self.${path}) || !has(oldSelf.${path}) || self.${path} == oldSelf.${path})`;
  return {
    ...keeps(`.${path}`, same, sizeOf(path)),
    messageExpression: sentence(
      `found %d entries, of which some differ, come or go (there were %d): cannot change while spec.sharding.onRemap is Refuse, because ${MOVES}; ` +
        'allowed: the former entries, or with spec.sharding.onRemap set to Remap (in the same edit) any',
      sizeOf(path)('self'),
      sizeOf(path)('oldSelf'),
    ),
  };
}

/** A field of the overrides, by index; left out is its default. Only those that say it can differ, on either side. */
function keepsOverride(field: 'weight' | 'hashName', fallback: string): Rule {
  const value = (entry: string) => `(has(${entry}.${field}) ? ${entry}.${field} : ${fallback})`;
  const covered = (one: string, other: string): string =>
    `(!has(${one}.overrides) || ${one}.overrides.all(o, ${value('o')} == ${fallback} || ` +
    `(has(${other}.overrides) && ${other}.overrides.exists(p, p.index == o.index && ${value('p')} == ${value('o')}))))`;
  const shown = (object: string): string =>
    `(has(${object}.overrides) ? ${object}.overrides.filter(o, has(o.${field})).map(o, [dyn(o.index), dyn(o.${field})]) : [])`;
  return keeps(
    '.overrides',
    `${covered('self', 'oldSelf')} && ${covered('oldSelf', 'self')}`,
    shown,
    `[index, ${field}] `,
  );
}

/** Rules of the specification: what moves keys needs `onRemap: Remap` in the new object. */
export const remapRules: readonly Rule[] = [
  keepsEqual('.shards', either('shards', '0')),
  keepsEqual('.sharding.algorithm', (object) => `${object}.sharding.algorithm`),
  keepsEqual('.sharding.hash', either('sharding.hash', "'none'")),
  keepsEqual('.sharding.hashTag', either('sharding.hashTag', "'{}'")),
  keepsEqual('.sharding.key', either('sharding.key', '[]')),
  keepsList('sharding.map'),
  keepsList('sharding.range'),
  keepsOverride('weight', '1'),
  keepsOverride('hashName', "''"),
];
