import { type FieldSet, isLeaf, minus, union } from '../../fields/field-set.ts';
import type { KubeObject, ManagedFieldsEntry } from '../../object.ts';
import { itemKey, listKeys } from './list-keys.ts';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The fields that a value sets, down to its leaves. `field` is the name of the field that holds it. */
export function fieldsOf(value: unknown, field = ''): FieldSet {
  if (Array.isArray(value)) return fieldsOfList(value, field);
  const set: FieldSet = {};
  if (isObject(value)) for (const [name, child] of Object.entries(value)) set[`f:${name}`] = fieldsOf(child, name);
  return set;
}

function fieldsOfList(items: readonly unknown[], field: string): FieldSet {
  const keys = listKeys(field, items);
  const set: FieldSet = {};
  if (keys === 'set') for (const item of items) set[`v:${JSON.stringify(item)}`] = {};
  else if (keys !== undefined) {
    for (const item of items as Json[]) set[itemKey(item, keys)] = { '.': {}, ...fieldsOf(item) };
  }
  return set;
}

/** The fields a writer can own: not the identity, nor what the API server sets itself. */
export function ownable(object: KubeObject): Json {
  const { apiVersion: _a, kind: _k, metadata, ...rest } = object;
  const { labels, annotations, ownerReferences, finalizers } = metadata;
  const kept = Object.entries({ labels, annotations, ownerReferences, finalizers }).filter(([, v]) => v !== undefined);
  return kept.length === 0 ? rest : { metadata: Object.fromEntries(kept), ...rest };
}

/** Puts `applied` over `live`: maps and keyed lists merge, all else is replaced. */
export function merge(live: unknown, applied: unknown, field = ''): unknown {
  if (isObject(live) && isObject(applied)) {
    const merged: Json = { ...live };
    for (const [name, value] of Object.entries(applied)) merged[name] = merge(live[name], value, name);
    return merged;
  }
  if (Array.isArray(live) && Array.isArray(applied)) return mergeLists(live, applied, field);
  return applied;
}

function mergeLists(live: unknown[], applied: unknown[], field: string): unknown[] {
  const keys = listKeys(field, applied.length > 0 ? applied : live);
  if (keys === undefined) return applied;
  if (keys === 'set') return [...new Set([...live, ...applied])];
  const merged = new Map((live as Json[]).map((item) => [itemKey(item, keys), item as unknown]));
  for (const item of applied as Json[]) merged.set(itemKey(item, keys), merge(merged.get(itemKey(item, keys)), item));
  return [...merged.values()];
}

/** Takes the fields of a set out of a value. */
export function prune(value: unknown, gone: FieldSet, field = ''): unknown {
  if (isObject(value)) {
    const kept: Json = {};
    for (const [name, child] of Object.entries(value)) {
      const below = gone[`f:${name}`];
      if (below === undefined) kept[name] = child;
      else if (!isLeaf(below)) kept[name] = prune(child, below, name);
    }
    return kept;
  }
  if (!Array.isArray(value)) return value;
  const keys = listKeys(field, value);
  if (keys === 'set') return value.filter((item) => gone[`v:${JSON.stringify(item)}`] === undefined);
  if (keys === undefined) return value;
  return (value as Json[]).flatMap((item) => {
    const below = gone[itemKey(item, keys)];
    if (below === undefined) return [item];
    return '.' in below ? [] : [prune(item, below)];
  });
}

const sameEntry = (one: ManagedFieldsEntry, manager: string, operation: string, subresource: string | undefined) =>
  one.manager === manager && one.operation === operation && one.subresource === subresource;

/** What one manager owned, and the entries of the others. */
export function splitEntries(
  entries: readonly ManagedFieldsEntry[],
  manager: string,
  operation: ManagedFieldsEntry['operation'],
  subresource: string | undefined,
): { own: FieldSet | undefined; others: ManagedFieldsEntry[] } {
  const own = entries.find((entry) => sameEntry(entry, manager, operation, subresource));
  const others = entries.filter((entry) => entry !== own);
  return { own: own?.fieldsV1 as FieldSet | undefined, others };
}

/** Takes fields from other managers; entries that own nothing any more go. */
export function release(entries: readonly ManagedFieldsEntry[], taken: FieldSet | undefined): ManagedFieldsEntry[] {
  if (taken === undefined) return [...entries];
  return entries.flatMap((entry) => {
    const rest = minus((entry.fieldsV1 ?? {}) as FieldSet, taken);
    return rest === undefined ? [] : [{ ...entry, fieldsV1: rest }];
  });
}

/** The fields that any of the entries owns. */
export function ownedByAny(entries: readonly ManagedFieldsEntry[]): FieldSet | undefined {
  return entries.reduce<FieldSet | undefined>((all, entry) => union(all, entry.fieldsV1 as FieldSet), undefined);
}

/** The fields of `set` whose values differ between two objects. */
export function changedFields(before: unknown, after: unknown, set: FieldSet, field = ''): FieldSet | undefined {
  if (isLeaf(set)) return JSON.stringify(before) === JSON.stringify(after) ? undefined : set;
  const changed: FieldSet = {};
  for (const [step, below] of Object.entries(set)) {
    if (step === '.') continue;
    const [left, right] = [childAt(before, step, field), childAt(after, step, field)];
    const name = step.startsWith('f:') ? step.slice(2) : '';
    const found = changedFields(left, right, below, name);
    if (found !== undefined) changed[step] = found;
  }
  return Object.keys(changed).length === 0 ? undefined : changed;
}

function childAt(value: unknown, step: string, field: string): unknown {
  if (step.startsWith('f:')) return isObject(value) ? value[step.slice(2)] : undefined;
  if (!Array.isArray(value)) return undefined;
  if (step.startsWith('v:')) return value.find((item) => `v:${JSON.stringify(item)}` === step);
  const keys = listKeys(field, value);
  return (value as Json[]).find((item) => keys !== undefined && keys !== 'set' && itemKey(item, keys) === step);
}
