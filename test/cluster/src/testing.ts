import { EmbeddedCluster } from './handle/embedded.ts';
import { ownLayout } from './prepare/facts.ts';

export { waitFor } from './base/wait.ts';
export type { EmbeddedCluster } from './handle/embedded.ts';
export type { TestNamespace } from './handle/namespace.ts';

/** The cluster that the global set-up has started. */
export const cluster = new EmbeddedCluster(ownLayout());
