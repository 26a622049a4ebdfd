import { type RunResult, run, tryRun } from '../host/run.ts';

/** kubectl and helm against one cluster. */
export interface Tools {
  readonly kubeconfig: string;
  /** Runs kubectl and gives its output. @throws ClusterError with its messages when it fails. */
  kubectl(args: readonly string[], input?: string): Promise<string>;
  /** Runs kubectl, whatever its exit code. */
  tryKubectl(args: readonly string[], input?: string): Promise<RunResult>;
  helm(args: readonly string[], input?: string): Promise<string>;
  tryHelm(args: readonly string[], input?: string): Promise<RunResult>;
}

/** @param kubectl the command that kubectl's arguments are added to. */
export function createTools(kubeconfig: string, kubectl: readonly string[], helm: readonly string[]): Tools {
  const env = { KUBECONFIG: kubeconfig };
  const split = ([program = '', ...first]: readonly string[], args: readonly string[]) =>
    [program, [...first, ...args]] as const;
  const withInput = (input?: string) => (input === undefined ? { env } : { env, input });
  return {
    kubeconfig,
    kubectl: (args, input) => run(...split(kubectl, args), withInput(input)),
    tryKubectl: (args, input) => tryRun(...split(kubectl, args), withInput(input)),
    helm: (args, input) => run(...split(helm, args), withInput(input)),
    tryHelm: (args, input) => tryRun(...split(helm, args), withInput(input)),
  };
}
