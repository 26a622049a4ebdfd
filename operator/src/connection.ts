import type { Clock } from '@motif/kit';
import { inClusterConnection, type KubeConnection, kubeconfigConnection } from '@motif/kube';

/** In a pod the service account's; elsewhere, or where KUBECONFIG is set, the kubeconfig's. */
export async function connect(
  env: Readonly<Record<string, string | undefined>>,
  clock: Clock,
): Promise<KubeConnection> {
  const inPod = env.KUBERNETES_SERVICE_HOST !== undefined && !env.KUBECONFIG;
  return inPod ? inClusterConnection({ env, clock }) : kubeconfigConnection({ clock });
}
