// The volume provisioner of the embedded cluster, a part like the others: started, watched and stopped by `lifecycle/`.
import { setTimeout as sleep } from 'node:timers/promises';

import { Api } from '../base/api.ts';
import { perform } from './perform.ts';
import { planStorage, type StorageClass } from './plan.ts';

const kubeconfig = process.env.KUBECONFIG;
const nodes = process.env.MOTIF_NODES;
if (!kubeconfig || !nodes) throw new Error('storage needs KUBECONFIG and MOTIF_NODES');

const api = new Api(kubeconfig);
const claims = '/api/v1/persistentvolumeclaims';
const volumes = '/api/v1/persistentvolumes';
/** A pass is made when something changes, and after this time even if nothing seems to have. */
const resyncMs = 10_000;

let wake = (): void => {};

async function watchForever(path: string): Promise<never> {
  for (;;) {
    await api.watch(path, () => wake());
    wake();
    await sleep(500);
  }
}

async function pass(folder: string): Promise<void> {
  const world = {
    claims: await api.list(claims),
    volumes: await api.list(volumes),
    classes: (await api.list('/apis/storage.k8s.io/v1/storageclasses')) as StorageClass[],
  };
  for (const action of planStorage(world)) {
    const name = 'claim' in action ? action.claim.metadata.name : action.volume.metadata.name;
    try {
      await perform(api, folder, action);
      console.log(`${new Date().toISOString()} ${action.do} ${name}`);
    } catch (error) {
      console.error(`${new Date().toISOString()} ${action.do} ${name} failed, tried again: ${error}`);
    }
  }
}

void watchForever(claims);
void watchForever(volumes);
for (;;) {
  const changed = new Promise<void>((resolve) => {
    wake = resolve;
  });
  try {
    await pass(nodes);
  } catch (error) {
    console.error(`${new Date().toISOString()} cannot read the cluster: ${error}`);
    await sleep(1000);
  }
  await Promise.race([changed, sleep(resyncMs)]);
}
