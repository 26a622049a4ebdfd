/** A set of fields as `managedFields` write it: `f:name`, `k:{…}`, `v:…`, and `.` for the node itself. A leaf is `{}`. */
export interface FieldSet {
  [step: string]: FieldSet;
}

/** Whether nothing lies below: the field is owned as a whole. */
export function isLeaf(set: FieldSet): boolean {
  for (const step in set) if (step !== '.') return false;
  return true;
}

/** The fields of `left` that `right` lacks; undefined when there are none. */
export function minus(left: FieldSet, right: FieldSet | undefined): FieldSet | undefined {
  if (right === undefined) return left;
  if (isLeaf(left)) return undefined;
  const rest: FieldSet = {};
  for (const [step, below] of Object.entries(left)) {
    const other = right[step];
    if (step === '.') {
      if (other === undefined) rest[step] = below;
      continue;
    }
    const remaining = minus(below, other);
    if (remaining !== undefined) rest[step] = remaining;
  }
  return Object.keys(rest).length === 0 ? undefined : rest;
}

/** The fields of either. */
export function union(left: FieldSet | undefined, right: FieldSet | undefined): FieldSet | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  const both: FieldSet = { ...left };
  for (const [step, below] of Object.entries(right)) both[step] = union(both[step], below) ?? {};
  return both;
}

/** `f:spec` and `f:replicas` as `spec.replicas`; list items as `containers[name=redis]`. */
export function describeStep(path: string, step: string): string {
  if (step.startsWith('f:')) return path === '' ? step.slice(2) : `${path}.${step.slice(2)}`;
  if (step.startsWith('k:')) {
    const key = JSON.parse(step.slice(2)) as Record<string, unknown>;
    const pairs = Object.entries(key).map(([name, value]) => `${name}=${String(value)}`);
    return `${path}[${pairs.join(',')}]`;
  }
  return `${path}[${step.slice(2)}]`;
}
