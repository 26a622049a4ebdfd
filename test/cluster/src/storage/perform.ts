import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Api } from '../base/api.ts';
import { ClusterError } from '../base/errors.ts';
import { type StorageAction, volumeFor, volumeName } from './plan.ts';

const mergePatch = 'application/merge-patch+json';
const volumes = '/api/v1/persistentvolumes';

/** Does one action. Each can be done again after an interruption: folders are made or removed as far as they are not yet. */
export async function perform(api: Api, nodes: string, action: StorageAction): Promise<void> {
  switch (action.do) {
    case 'provision': {
      const path = join(nodes, action.node, 'volumes', volumeName(action.claim));
      mkdirSync(path, { recursive: true });
      chmodSync(path, 0o777); // whoever the pod runs as: mkdir's mode is cut by the umask
      await api.json('POST', volumes, volumeFor(action.claim, action.node, path, action.reclaimPolicy));
      return;
    }
    case 'release': {
      const path: string = action.volume.spec.local.path;
      if (dirname(dirname(dirname(path))) !== nodes) {
        throw new ClusterError(
          'CommandFailed',
          `volume ${action.volume.metadata.name} lies at ${path}, outside of ${nodes}`,
        );
      }
      rmSync(path, { recursive: true, force: true });
      await api.json('DELETE', `${volumes}/${action.volume.metadata.name}`);
      return;
    }
    case 'growVolume': {
      const body = { spec: { capacity: { storage: action.size } } };
      await api.json('PATCH', `${volumes}/${action.volume.metadata.name}`, body, mergePatch);
      return;
    }
    case 'growClaim': {
      const { name, namespace } = action.claim.metadata;
      const path = `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}/status`;
      await api.json('PATCH', path, { status: { capacity: { storage: action.size } } }, mergePatch);
    }
  }
}
