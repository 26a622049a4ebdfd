import type { Script } from '../script.ts';
import { collections } from './collections.ts';
import { keyspace } from './keyspace.ts';
import { protocol } from './protocol.ts';
import { streams } from './streams.ts';
import { strings } from './strings.ts';

/** Every script of the differential suite. */
export const scripts: readonly Script[] = [...strings, ...collections, ...keyspace, ...streams, ...protocol];
