import type { KubeObject } from '@motif/kube';
import type { PodTemplate } from './kinds.ts';

/** A key of a Secret of the resource's namespace. */
export interface SecretKey {
  secretRef: { name: string; key: string };
}

/** The Service of a tier that we run. */
export interface ServiceShape {
  type?: string;
  port?: number;
  annotations?: Record<string, string>;
  labels?: Record<string, string>;
  externalTrafficPolicy?: string;
  loadBalancerClass?: string;
  extraPorts?: { name: string; port: number; targetPort?: number | string; [field: string]: unknown }[];
}

/** The router tier: `template` is a partial pod template, merged over ours by container name. */
export interface Router {
  replicas?: number;
  template?: Partial<PodTemplate>;
  service?: ServiceShape;
}

/** `spec` as the API server stores it: defaults of the schema are filled in. */
export interface ShardedServiceSpec {
  protocol: string;
  shards?: number;
  replicas?: number;
  port?: number;
  template?: PodTemplate;
  storage?: { size: string; mountPath?: string; storageClassName?: string };
  claimRetention?: { whenDeleted?: string; whenScaled?: string };
  sharding?: { algorithm?: string; hash?: string; hashTag?: string; onRemap?: string };
  failure?: { onDeadShard?: string; ejectAfter?: number; retryAfter?: string; timeout?: string; onReturn?: string };
  redis?: { multiKey?: string; partial?: string; admin?: string };
  router?: Router;
  auth?: { username?: SecretKey; password?: SecretKey };
  clientAuth?: { username: string; password: SecretKey }[];
  suspend?: boolean;
  disruption?: { maxUnavailable?: number | string };
  dataPlaneVersion?: string;
}

export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
  lastTransitionTime: string;
  observedGeneration?: number;
}

export interface ShardedServiceStatus {
  observedGeneration?: number;
  epoch?: number;
  dataPlaneVersion?: string;
  shards?: number;
  readyShards?: number;
  updatedShards?: number;
  readyRouters?: number;
  conditions?: Condition[];
}

export interface ShardedService extends KubeObject {
  metadata: KubeObject['metadata'] & { namespace: string; uid: string; generation: number };
  spec: ShardedServiceSpec;
  status?: ShardedServiceStatus;
}
