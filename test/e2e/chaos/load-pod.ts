import type { Play } from './play.ts';

/** What is taken of the example's client pod. */
interface ClientPod {
  readonly metadata: { readonly labels: object };
  readonly spec: {
    readonly initContainers: readonly object[];
    readonly volumes: readonly object[];
    readonly securityContext: object;
  };
}

/** The pod of a load: with an ambassador it is the example's client pod whose application is the load; without, it asks the router's Service. */
export function loadPod(name: string, client: ClientPod, play: Play, ambassador: boolean): object {
  const load = { name: 'load', configMap: { name: 'load' } };
  const container = {
    name: 'load',
    image: 'motif.local/tools:1',
    command: ['node', `/load/${play.script}`],
    env: [
      { name: 'KEYS', value: JSON.stringify(play.keys) },
      { name: 'HOST', value: ambassador ? '127.0.0.1' : play.service },
    ],
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
    volumeMounts: [{ name: 'load', mountPath: '/load' }],
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: ambassador ? client.metadata.labels : {} },
    spec: {
      terminationGracePeriodSeconds: 2,
      securityContext: client.spec.securityContext,
      initContainers: ambassador ? client.spec.initContainers : [],
      containers: [container],
      volumes: ambassador ? [load, ...client.spec.volumes] : [load],
    },
  };
}
