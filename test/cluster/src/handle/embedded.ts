import { ClusterError } from '../base/errors.ts';
import type { Layout } from '../base/layout.ts';
import { nodeAddress } from '../host/subnets.ts';
import type { ImageArchive } from '../images/assemble.ts';
import { loadImages } from '../images/load.ts';
import { allParts } from '../lifecycle/parts.ts';
import { readState, type State } from '../lifecycle/state.ts';
import { findMachine, nodeIndex } from '../machine/machine.ts';
import type { Part } from '../parts/part.ts';
import { createNamespace, type NamespaceOptions, type TestNamespace } from './namespace.ts';
import { ClusterNode } from './node.ts';
import { createTools, type Tools } from './tools.ts';

/** A running embedded cluster: what tests, the demo and the command line do with it. */
export class EmbeddedCluster implements Tools {
  readonly layout: Layout;
  #made: Tools | undefined;

  /** The cluster need not run yet: only what asks something of it needs that. */
  constructor(layout: Layout) {
    this.layout = layout;
  }

  get #tools(): Tools {
    if (this.#made === undefined) {
      const { kube, helm } = this.state.programs;
      this.#made = createTools(this.layout.kubeconfig, [kube, 'kubectl'], [helm]);
    }
    return this.#made;
  }

  /** What was started, read anew each time: another process may add a node. @throws ClusterError `NotRunning`. */
  get state(): State {
    const state = readState(this.layout);
    if (!state)
      throw new ClusterError('NotRunning', 'the embedded cluster is not running; start it with: npm run cluster -- up');
    return state;
  }

  /** The path of an administrator's kubeconfig that holds its certificates itself. */
  get kubeconfig(): string {
    return this.layout.kubeconfig;
  }

  /** Where node 1's NodePorts can be reached from this machine. */
  get address(): string {
    return nodeAddress(this.state.subnet, 1);
  }

  kubectl(args: readonly string[], input?: string) {
    return this.#tools.kubectl(args, input);
  }

  tryKubectl(args: readonly string[], input?: string) {
    return this.#tools.tryKubectl(args, input);
  }

  helm(args: readonly string[], input?: string) {
    return this.#tools.helm(args, input);
  }

  tryHelm(args: readonly string[], input?: string) {
    return this.#tools.tryHelm(args, input);
  }

  /** Makes a namespace named `<prefix>-<random>` at the `restricted` level; the caller removes it (or `await using` does). */
  namespace(prefix: string, options?: NamespaceOptions): Promise<TestNamespace> {
    return createNamespace(this.#tools, prefix, options);
  }

  /** Gives `work` a namespace of its own and removes it afterwards, whatever happens. */
  async withNamespace<T>(
    prefix: string,
    work: (namespace: TestNamespace) => Promise<T>,
    options?: NamespaceOptions,
  ): Promise<T> {
    const namespace = await this.namespace(prefix, options);
    try {
      return await work(namespace);
    } finally {
      await namespace.remove();
    }
  }

  /**
   * A part by its name: `etcd`, `kube-apiserver`, `kube-controller-manager`, `kube-scheduler`, `storage`, and for each node
   * `containerd-node-1`, `kubelet-node-1`, `kube-proxy-node-1`. @throws ClusterError naming the known ones.
   */
  part(name: string): Part {
    const parts = this.parts();
    const found = parts.find((part) => part.name === name);
    if (found) return found;
    const known = parts.map((part) => part.name).join(', ');
    throw new ClusterError('BadArguments', `there is no part ${name}; there are ${known}`);
  }

  parts(): Part[] {
    return allParts(this.layout, this.state);
  }

  /** A node by its name, `node-1`, `node-2`, …: as a whole, for tests that take it away. */
  node(name: string): ClusterNode {
    return new ClusterNode(this.layout, this.state, name);
  }

  nodes(): ClusterNode[] {
    return this.state.nodes.map((name) => this.node(name));
  }

  /** Loads an image into every node that does not have it. @returns the names that were loaded. */
  async loadImage(...archives: readonly ImageArchive[]): Promise<string[]> {
    const machines = this.state.nodes
      .toSorted((a, b) => nodeIndex(a) - nodeIndex(b))
      .flatMap((name) => findMachine(this.layout, name) ?? []);
    const loaded = await Promise.all(machines.map((machine) => loadImages(machine, archives)));
    return [...new Set(loaded.flat())];
  }
}
