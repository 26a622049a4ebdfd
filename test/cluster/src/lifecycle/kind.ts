import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { ConnectedCluster } from '../connect.ts';
import { createTools } from '../handle/tools.ts';
import { run } from '../host/run.ts';
import { motifImage } from '../images/named.ts';
import { prepareMachine } from '../prepare/machine.ts';
import type { Report } from '../prepare/steps.ts';
import type { Choice } from './choose.ts';

/** kind's cluster of this checkout, made unless it is there; `kind delete cluster --name <its name>` removes it. */
export async function kindCluster(choice: Choice, report: Report): Promise<ConnectedCluster> {
  const prepared = await prepareMachine(report);
  const { key, state } = prepared.layout;
  const name = `motif-${key}`;
  const kubeconfig = join(state, 'kind.kubeconfig');
  mkdirSync(state, { recursive: true, mode: 0o700 });
  if (!(await run('kind', ['get', 'clusters'])).split('\n').includes(name)) {
    report(`making the kind cluster ${name}`);
    await run('kind', ['create', 'cluster', '--name', name, '--kubeconfig', kubeconfig, '--wait', '120s']);
  }
  await run('kind', ['export', 'kubeconfig', '--name', name, '--kubeconfig', kubeconfig]);
  const { kube, helm } = prepared.programs;
  return {
    ...createTools(kubeconfig, [kube, 'kubectl'], [helm]),
    choice,
    provideImage: async (image) => {
      const archive = await motifImage(prepared, image);
      await run('kind', ['load', 'image-archive', archive.file, '--name', name]);
      return `docker.io/motif/${image}`;
    },
  };
}
