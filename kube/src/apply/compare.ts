import { describeStep, type FieldSet, isLeaf } from '../fields/field-set.ts';
import { holdsQuantity, sameQuantity } from './quantity.ts';

type Json = Record<string, unknown>;

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (Array.isArray(value) && value.length === 0) ||
  (isMap(value) && Object.keys(value).length === 0);

/** Where a comparison stands: the path for people, and the names of the field and of the one around it. */
interface Place {
  readonly path: string;
  readonly field: string;
  readonly parent: string;
  /** Within a list that is compared as a whole: nobody knows who owns what of its items. */
  readonly inList: boolean;
}

const below = (place: Place, name: string): Place => ({
  path: place.path === '' ? name : `${place.path}.${name}`,
  field: name,
  parent: place.field,
  inList: place.inList,
});

const isZero = (value: unknown): boolean => value === '' || value === false || value === 0;

/**
 * The first field in which `live` is not what `desired` says, or undefined. What `desired` does not mention may be anything (defaults,
 * others' fields). `owned` (our entry in `managedFields`) tells how lists merge: lists it knows by key or as a set are compared so, in any order;
 * others as a whole, though their items may carry defaults.
 */
export function firstDifference(desired: unknown, live: unknown, owned: FieldSet | undefined): string | undefined {
  return differ(desired, live, owned, { path: '', field: '', parent: '', inList: false });
}

function differ(desired: unknown, live: unknown, owned: FieldSet | undefined, place: Place): string | undefined {
  // The API server drops empty maps and lists of most fields.
  if (isEmpty(desired) && isEmpty(live)) return undefined;
  if (isMap(desired) && isMap(live)) return differInMap(desired, live, owned, place);
  if (Array.isArray(desired) && Array.isArray(live)) return differInList(desired, live, owned, place);
  if (desired === live) return undefined;
  // It drops an empty text, false and zero of many fields too, though they stay ours. What has a default, or a meaning of its own, it keeps.
  if (live === undefined && isZero(desired) && (owned !== undefined || place.inList)) return undefined;
  if (holdsQuantity(place.field, place.parent) && sameQuantity(desired, live)) return undefined;
  return `${place.path}: ${show(live)} -> ${show(desired)}`;
}

function differInMap(desired: Json, live: Json, owned: FieldSet | undefined, place: Place): string | undefined {
  for (const [name, value] of Object.entries(desired)) {
    if (value === undefined) continue;
    const found = differ(value, live[name], owned?.[`f:${name}`], below(place, name));
    if (found !== undefined) return found;
  }
  return undefined;
}

function differInList(
  desired: unknown[],
  live: unknown[],
  owned: FieldSet | undefined,
  place: Place,
): string | undefined {
  const steps = owned === undefined ? [] : Object.keys(owned);
  if (steps.some((step) => step.startsWith('v:'))) {
    const missing = desired.find((item) => !live.includes(item));
    return missing === undefined ? undefined : `${place.path}: ${show(missing)} is missing`;
  }
  const key = steps.find((step) => step.startsWith('k:'));
  if (key !== undefined) return differInKeyedList(desired, live, owned ?? {}, keyNames(key), place);
  if (desired.length !== live.length) return `${place.path}: ${live.length} items -> ${desired.length}`;
  for (const [index, item] of desired.entries()) {
    const at: Place = { ...place, path: `${place.path}[${index}]`, inList: true };
    const found = differ(item, live[index], undefined, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

function differInKeyedList(
  desired: unknown[],
  live: unknown[],
  owned: FieldSet,
  keys: readonly string[],
  place: Place,
): string | undefined {
  for (const item of desired) {
    const path = `${place.path}[${keys.map((name) => `${name}=${show((item as Json)[name])}`).join(',')}]`;
    const match = live.find((other) => sameKey(item as Json, other as Json, keys));
    if (match === undefined) return `${path}: is missing`;
    const step = Object.keys(owned).find(
      (one) => one.startsWith('k:') && sameKey(item as Json, parseKeyStep(one), keys),
    );
    const found = differ(item, match, step === undefined ? undefined : owned[step], { ...place, path });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A key field that the desired item leaves out has been filled in by the API server, so that any value fits. */
function sameKey(desired: Json, other: Json, keys: readonly string[]): boolean {
  return keys.every((name) => desired[name] === undefined || desired[name] === other[name]);
}

const parseKeyStep = (step: string): Json => JSON.parse(step.slice(2)) as Json;
const keyNames = (step: string): string[] => Object.keys(parseKeyStep(step));

/**
 * The first field that we own and no longer want, or undefined: it would stay for ever, since comparing wanted fields alone does not
 * see it.
 */
export function firstUnwanted(desired: unknown, owned: FieldSet, path = ''): string | undefined {
  for (const [step, set] of Object.entries(owned)) {
    if (step === '.') continue;
    const child = childOf(desired, step);
    if (child === undefined) return `${describeStep(path, step)}: no longer wanted`;
    const found = isLeaf(set) ? undefined : firstUnwanted(child, set, describeStep(path, step));
    if (found !== undefined) return found;
  }
  return undefined;
}

function childOf(value: unknown, step: string): unknown {
  if (step.startsWith('f:')) return isMap(value) ? (value[step.slice(2)] ?? undefined) : undefined;
  if (!Array.isArray(value)) return undefined;
  if (step.startsWith('v:')) return value.find((item) => JSON.stringify(item) === step.slice(2));
  const key = parseKeyStep(step);
  return value.find((item) => sameKey(item as Json, key, Object.keys(key)));
}

/** Fields whose values may be secret or long: sentences about them name the field only. */
const HIDDEN_MAPS: ReadonlySet<string> = new Set(['data', 'stringData', 'binaryData']);

/** A difference as it may stand in logs and events: without the values of variables and of ConfigMaps and Secrets. */
export function withoutValues(difference: string): string {
  const path = difference.slice(0, difference.indexOf(': '));
  const steps = path.split('.');
  const hidden = HIDDEN_MAPS.has(steps[0] ?? '') || (path.includes('env[') && path.endsWith('.value'));
  return hidden ? `${path}: changed` : difference;
}

/** A value for a sentence: short, and on one line. */
function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
