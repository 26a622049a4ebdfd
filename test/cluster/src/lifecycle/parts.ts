import type { Layout } from '../base/layout.ts';
import { apiserverSpec, controllerManagerSpec, etcdSpec, schedulerSpec, storageSpec } from '../parts/control.ts';
import { containerdSpec, kubeletSpec, proxySpec } from '../parts/node.ts';
import { Part } from '../parts/part.ts';
import type { Plan } from '../parts/spec.ts';
import type { State } from './state.ts';

export interface ControlParts {
  readonly etcd: Part;
  readonly apiserver: Part;
  readonly controllerManager: Part;
  readonly scheduler: Part;
  readonly storage: Part;
}

export interface NodeParts {
  readonly containerd: Part;
  readonly kubelet: Part;
  readonly proxy: Part;
}

export function planOf(layout: Layout, state: State): Plan {
  return { layout, subnet: state.subnet, programs: state.programs };
}

export function controlParts(plan: Plan): ControlParts {
  const part = (spec: Part['spec']) => new Part(plan.layout, spec);
  return {
    etcd: part(etcdSpec(plan)),
    apiserver: part(apiserverSpec(plan)),
    controllerManager: part(controllerManagerSpec(plan)),
    scheduler: part(schedulerSpec(plan)),
    storage: part(storageSpec(plan)),
  };
}

export function nodeParts(plan: Plan, node: string, containerd: string): NodeParts {
  const part = (spec: Part['spec']) => new Part(plan.layout, spec);
  return {
    containerd: part(containerdSpec(plan, node, containerd)),
    kubelet: part(kubeletSpec(plan, node)),
    proxy: part(proxySpec(plan, node)),
  };
}

/** All parts of a cluster, the control plane's first. */
export function allParts(layout: Layout, state: State): Part[] {
  const plan = planOf(layout, state);
  return [
    ...Object.values(controlParts(plan)),
    ...state.nodes.flatMap((node) => Object.values(nodeParts(plan, node, state.containerd))),
  ];
}
