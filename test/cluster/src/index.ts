/** The embedded cluster: a real Kubernetes on this machine alone, out of upstream's own programs. */

export { ClusterError } from './base/errors.ts';
export { type EnsureOptions, ensureCluster } from './ensure.ts';
export { EmbeddedCluster } from './handle/embedded.ts';
export type { NamespaceOptions, TestNamespace } from './handle/namespace.ts';
export { ClusterNode } from './handle/node.ts';
export type { Tools } from './handle/tools.ts';
export type { ImageArchive } from './images/assemble.ts';
export { type BuildRequest, buildImage } from './images/build.ts';
export { baseImage, redisImage, toolsImage } from './images/definitions.ts';
export { motifImage, namedImage } from './images/named.ts';
export { type Choice, type ChoiceFacts, chooseCluster, explainChoice } from './lifecycle/choose.ts';
export { commandsFolder } from './lifecycle/commands.ts';
export { takeDown } from './lifecycle/down.ts';
export { Part } from './parts/part.ts';
export { ownLayout } from './prepare/facts.ts';
export { type Prepared, prepareMachine } from './prepare/machine.ts';
export type { Report } from './prepare/steps.ts';
