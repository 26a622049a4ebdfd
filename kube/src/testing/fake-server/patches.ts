import type { JsonPatchOperation } from '../../client/types.ts';
import { badRequest, invalid } from './status.ts';

type Json = Record<string, unknown>;

/** RFC 7386. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const base = typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {};
  const result: Json = { ...base };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = mergePatch(result[name], value);
  }
  return result;
}

/** RFC 6902, as far as controllers use it: add, remove, replace, test. */
export function jsonPatch(target: unknown, operations: readonly JsonPatchOperation[]): unknown {
  const result = structuredClone(target);
  for (const operation of operations) applyOperation(result, operation);
  return result;
}

function applyOperation(root: unknown, operation: JsonPatchOperation): void {
  const steps = operation.path.split('/').slice(1);
  const last = (steps.pop() ?? '').replaceAll('~1', '/').replaceAll('~0', '~');
  let parent = root as Json;
  for (const step of steps) parent = parent?.[step.replaceAll('~1', '/').replaceAll('~0', '~')] as Json;
  if (parent === undefined) throw invalid(`${operation.path}: no such path`);
  switch (operation.op) {
    case 'test':
      if (JSON.stringify(parent[last]) === JSON.stringify(operation.value)) return;
      throw invalid(`testing value ${operation.path} failed`);
    case 'remove':
      if (Array.isArray(parent)) parent.splice(Number(last), 1);
      else delete parent[last];
      return;
    case 'add':
    case 'replace':
      if (!Array.isArray(parent)) parent[last] = operation.value;
      else if (operation.op === 'replace') parent[Number(last)] = operation.value;
      else parent.splice(last === '-' ? parent.length : Number(last), 0, operation.value);
      return;
    default:
      throw badRequest(`the fake does not know the operation ${operation.op}`);
  }
}
