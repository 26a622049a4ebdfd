import { ClusterError } from './base/errors.ts';
import { ensureCluster } from './ensure.ts';
import { createTools, type Tools } from './handle/tools.ts';
import { works } from './host/run.ts';
import { motifImage } from './images/named.ts';
import { type Choice, chooseCluster } from './lifecycle/choose.ts';
import { kindCluster } from './lifecycle/kind.ts';
import { ownLayout } from './prepare/facts.ts';
import { prepareMachine } from './prepare/machine.ts';
import type { Report } from './prepare/steps.ts';
import { prepareTools } from './prepare/tools.ts';

/** A cluster that the demo can be shown on, whichever it is. */
export interface ConnectedCluster extends Tools {
  readonly choice: Choice;
  /**
   * Sees to it that the cluster can run our container of this name (`operator`, `sharding`).
   * @returns the image's name without its tag, as the cluster's nodes find it.
   */
  provideImage(name: string): Promise<string>;
}

/** Chooses where to run from this process's environment and what the machine has. */
export async function chooseHere(): Promise<Choice> {
  return chooseCluster({
    kubeconfig: process.env.MOTIF_KUBECONFIG,
    images: process.env.MOTIF_IMAGES,
    kind: await works('kind', ['version']),
    docker: await works('docker', ['info']),
    breaks: false,
  });
}

/**
 * Makes the chosen cluster ready to be used.
 * @throws ClusterError `NotRunning` where the cluster of MOTIF_KUBECONFIG does not answer.
 */
export async function connect(choice: Choice, report: Report): Promise<ConnectedCluster> {
  if (choice.use === 'embedded') return connectEmbedded(choice, report);
  if (choice.use === 'kind') return kindCluster(choice, report);
  const { kubectl, helm } = await prepareTools(report, ownLayout());
  const tools = createTools(choice.path, kubectl, helm);
  const answer = await tools.tryKubectl(['version', '--request-timeout=10s']);
  if (answer.code !== 0) {
    const said = answer.stderr.trim().split('\n').at(-1);
    throw new ClusterError('NotRunning', `the cluster of MOTIF_KUBECONFIG=${choice.path} does not answer: ${said}`);
  }
  return { ...tools, choice, provideImage: async (name) => `${choice.images ?? 'docker.io/motif'}/${name}` };
}

async function connectEmbedded(choice: Choice, report: Report): Promise<ConnectedCluster> {
  const prepared = await prepareMachine(report);
  const cluster = await ensureCluster({ prepared, report });
  const { kubeconfig } = cluster;
  const { kube, helm } = prepared.programs;
  return {
    ...createTools(kubeconfig, [kube, 'kubectl'], [helm]),
    choice,
    provideImage: async (name) => {
      await cluster.loadImage(await motifImage(prepared, name));
      return `docker.io/motif/${name}`;
    },
  };
}
