import type { PodTemplate } from '../kinds.ts';

type Json = Record<string, unknown>;

/** Lists whose items are told apart by a field: they are merged item by item. All other lists are replaced. */
const KEYS: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  volumes: 'name',
  env: 'name',
  volumeMounts: 'mountPath',
  ports: 'containerPort',
  imagePullSecrets: 'name',
};

/**
 * A partial pod template merged over ours: maps field by field, named lists item by item, everything else replaced. What
 * the user names wins; what they do not name stays.
 */
export function mergeTemplate(ours: PodTemplate, partial: object | undefined): PodTemplate {
  return partial === undefined ? ours : (mergeMaps(ours, partial) as PodTemplate);
}

function mergeMaps(base: object, over: object): Json {
  const merged: Json = { ...base };
  for (const [field, value] of Object.entries(over)) merged[field] = mergeValue(field, merged[field], value);
  return merged;
}

function mergeValue(field: string, base: unknown, over: unknown): unknown {
  if (isMap(base) && isMap(over)) return mergeMaps(base, over);
  const key = KEYS[field];
  if (key !== undefined && Array.isArray(base) && Array.isArray(over)) return mergeNamed(key, base, over);
  return over;
}

function mergeNamed(key: string, base: readonly unknown[], over: readonly unknown[]): unknown[] {
  const merged = [...base];
  for (const item of over) {
    const at = merged.findIndex((own) => isMap(own) && isMap(item) && own[key] === item[key]);
    if (at < 0) merged.push(item);
    else merged[at] = mergeMaps(merged[at] as Json, item as Json);
  }
  return merged;
}

function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
