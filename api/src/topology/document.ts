import { ApiError } from '../error.ts';
import { compareBytes } from '../hashing/range.ts';
import { formatIssues, type Issue, issuesOf } from '../issues.ts';
import { type HttpTopology, shardedTopology, type Topology } from './schema.ts';

/** A document that is no usable topology; `issues` says what is wrong, field by field. */
export class TopologyError extends ApiError {
  readonly issues: readonly Issue[];

  constructor(message: string, issues: readonly Issue[], cause?: unknown) {
    super('TopologyInvalid', message, cause === undefined ? undefined : { cause });
    this.issues = issues;
  }
}

/**
 * The topology in `text`.
 * @throws TopologyError when it is not JSON, or a field is missing, wrong or contradicts another
 */
export function parseTopology(text: string): Topology {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new TopologyError(`topology is not JSON (${text.length} characters): ${String(cause)}`, [], cause);
  }
  return checkTopology(document);
}

/**
 * The same for a document that is no text any more.
 * @throws TopologyError
 */
export function checkTopology(document: unknown): Topology {
  const result = shardedTopology.safeParse(document);
  if (result.success) return result.data;
  const issues = issuesOf(result.error, document);
  throw new TopologyError(`topology is invalid: ${formatIssues(issues)}`, issues, result.error);
}

/**
 * The canonical text: the schema's order of fields, endpoints by name, entries of map and range by the bytes of value and from, two spaces, one newline at the end. Same content,
 * same bytes, whatever order the fields of `topology` were put in.
 * @throws TopologyError when `topology` breaks the schema: what readers would refuse is never written
 */
export function serializeTopology(topology: Topology): string {
  const checked = checkTopology(topology);
  const shards = checked.shards.map((shard) => ({ ...shard, endpoints: shard.endpoints.toSorted(byName) }));
  const sharding = checked.protocol === 'http' ? inOrder(checked.sharding) : checked.sharding;
  return `${JSON.stringify({ ...checked, sharding, shards }, undefined, 2)}\n`;
}

/** Lists whose order means nothing, by the bytes of what tells their entries apart. */
function inOrder({ map, range, ...sharding }: HttpTopology['sharding']): HttpTopology['sharding'] {
  const { boundedLoadPercent, ...rest } = sharding;
  return {
    ...rest,
    ...(map === undefined ? {} : { map: map.toSorted((a, b) => compareBytes(a.value, b.value)) }),
    ...(range === undefined ? {} : { range: range.toSorted((a, b) => compareBytes(a.from, b.from)) }),
    ...(boundedLoadPercent === undefined ? {} : { boundedLoadPercent }),
  };
}

/** By code unit, which no locale changes. */
function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
