/** The name in `provisioner:`; the program in `storage/` answers to it. */
export const provisioner = 'motif.local/volumes';

const waitForConsumer = 'WaitForFirstConsumer';

/**
 * Two classes over folders on the node: `standard`, the default, whose claims can grow, and `fixed`, whose claims cannot. A size is
 * what the claim says; the folder has no quota.
 */
export function storageObjects(): object[] {
  const storageClass = (name: string, isDefault: boolean, allowVolumeExpansion: boolean) => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name, annotations: { 'storageclass.kubernetes.io/is-default-class': String(isDefault) } },
    provisioner,
    reclaimPolicy: 'Delete',
    volumeBindingMode: waitForConsumer,
    allowVolumeExpansion,
  });
  return [storageClass('standard', true, true), storageClass('fixed', false, false)];
}
