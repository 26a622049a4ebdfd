import { z } from 'zod';
import type { Structural } from '../crd/structural.ts';
import { serializeTopology } from '../topology/document.ts';
import { TOPOLOGY_API_VERSION } from '../topology/parts.ts';
import { httpTopology, redisTopology, TOPOLOGY_KEY, type Topology } from '../topology/schema.ts';
import { exampleHttpTopology, exampleTopology } from '../topology/testing.ts';
import { code, generatedNote, table } from './markdown.ts';
import { schemaRows } from './schema-rows.ts';

const FIELDS = ['field', 'what it may be', 'default', 'meaning'];

/** The reference page of the topology document. */
export function topologyPage(): string {
  const rowsOf = (schema: z.ZodType): string[][] =>
    schemaRows(z.toJSONSchema(schema, { target: 'draft-7', io: 'input' }) as Structural);
  const example = (topology: Topology): string =>
    `\`\`\`json\n${serializeTopology({ ...topology, shards: topology.shards.slice(0, 1) })}\`\`\`\n`;
  return [
    generatedNote('api/src/topology'),
    '# The topology document\n',
    `By it the operator tells routers and ambassadors what it decided: ${code(TOPOLOGY_API_VERSION)}, JSON, under the key ` +
      `${code(TOPOLOGY_KEY)} of the ConfigMap ${code('<name>-topology')}, mounted at ${code('/etc/motif/topology')}.\n`,
    '- A reader keeps the last good document. It refuses one that is broken, and one that is older than its own: the same `uid` with a lower `epoch`.\n' +
      '- Fields that a reader does not know are ignored, so that containers can be older than the operator. A value that it does not know makes the document unusable.\n' +
      '- The epoch grows by one with each change of anything else, and only then. Equal content has equal bytes.\n' +
      '- Secrets never stand in it: it says which files of `SECRETS_DIR` exist.\n',
    '## Protocol redis\n',
    `${table(FIELDS, rowsOf(redisTopology))}\n`,
    example(exampleTopology()),
    '## Protocol http\n',
    `${table(FIELDS, rowsOf(httpTopology))}\n`,
    example(exampleHttpTopology()),
    '## What contradicts itself\n',
    'Shard names and client names are unique, and no two hash names may have the same hash. For http: each expression of `key` can be parsed ([expressions](expressions.md)), `country(ip)` needs a `geoDatabase`; ' +
      '`map` and `range` stand with the algorithm of their name only, name shards that are there, and no value or bound twice. Written, their entries are in the order of their bytes.\n',
  ].join('\n');
}
