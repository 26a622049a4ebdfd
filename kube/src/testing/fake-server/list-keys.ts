/**
 * How the lists of the built-in kinds merge (`x-kubernetes-list-type`), by the name of the field that holds them: map keys, or `set`.
 * Lists that are not named are atomic. Source: the OpenAPI document of Kubernetes 1.34. Only the fake needs it: the applier reads
 * the keys from `managedFields`, which know them for every kind.
 */
const LIST_KEYS: Readonly<Record<string, readonly string[] | 'set'>> = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  volumes: ['name'],
  env: ['name'],
  imagePullSecrets: ['name'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  hostAliases: ['ip'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
  ownerReferences: ['uid'],
  conditions: ['type'],
  finalizers: 'set',
};

/** The keys of a list's items; `undefined`: atomic. Ports merge by `containerPort` in containers and by `port` in Services. */
export function listKeys(field: string, items: readonly unknown[]): readonly string[] | 'set' | undefined {
  if (field === 'ports') {
    const first = items[0] as Record<string, unknown> | undefined;
    if (first === undefined) return undefined;
    return 'containerPort' in first ? ['containerPort', 'protocol'] : ['port', 'protocol'];
  }
  return LIST_KEYS[field];
}

/** Values that the API server fills in for a key that an item leaves out. */
const KEY_DEFAULTS: Readonly<Record<string, unknown>> = { protocol: 'TCP' };

/** The key of one item as `managedFields` write it: `k:{"containerPort":6379,"protocol":"TCP"}`. */
export function itemKey(item: Record<string, unknown>, keys: readonly string[]): string {
  const key: Record<string, unknown> = {};
  for (const name of [...keys].sort()) key[name] = item[name] ?? KEY_DEFAULTS[name];
  return `k:${JSON.stringify(key)}`;
}
