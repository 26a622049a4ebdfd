import { ClusterError } from '../base/errors.ts';
import type { Layout } from '../base/layout.ts';
import { nodeAddress } from '../host/subnets.ts';
import { nodeParts, planOf } from '../lifecycle/parts.ts';
import { startKubelet, startMachines, startRuntime } from '../lifecycle/start.ts';
import type { State } from '../lifecycle/state.ts';
import { end } from '../machine/launch.ts';
import { findMachine, nodeIndex } from '../machine/machine.ts';

/** One node as a whole: killing it is what pulling its plug is. */
export class ClusterNode {
  readonly name: string;
  readonly #layout: Layout;
  readonly #state: State;

  constructor(layout: Layout, state: State, name: string) {
    if (!state.nodes.includes(name)) {
      throw new ClusterError('BadArguments', `there is no node ${name}; there are ${state.nodes.join(', ')}`);
    }
    this.name = name;
    this.#layout = layout;
    this.#state = state;
  }

  /** Its address on the wire; this machine reaches NodePorts there. */
  get address(): string {
    return nodeAddress(this.#state.subnet, nodeIndex(this.name));
  }

  get running(): boolean {
    return findMachine(this.#layout, this.name) !== undefined;
  }

  /** Ends the node with all its pods at once, and returns when nothing of it runs. Its disk stays. */
  async kill(): Promise<void> {
    const machine = findMachine(this.#layout, this.name);
    if (machine) await end(machine.process, 'SIGKILL');
  }

  /** Starts what does not run of it and waits until it is Ready. */
  async start(): Promise<void> {
    await startMachines(this.#layout, this.#state);
    await startRuntime(this.#layout, this.#state, this.name, []);
    await startKubelet(this.#layout, this.#state, this.name);
  }

  /** Its programs: containerd, kubelet, kube-proxy. */
  parts() {
    return nodeParts(planOf(this.#layout, this.#state), this.name, this.#state.containerd);
  }
}
