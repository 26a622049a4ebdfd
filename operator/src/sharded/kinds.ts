import type { KubeObject, ResourceRef } from '@motif/kube';

/** The parts of Kubernetes' own kinds that this pattern reads. What is not listed passes through as raw JSON. */

export const shardedServices: ResourceRef = {
  group: 'motif.dev',
  version: 'v1alpha1',
  resource: 'shardedservices',
  kind: 'ShardedService',
  namespaced: true,
};

/** A pod template as users and we write it; unknown fields are kept. */
export interface PodTemplate {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string>; [field: string]: unknown };
  spec: PodSpec;
  [field: string]: unknown;
}

export interface PodSpec {
  containers: Container[];
  initContainers?: Container[];
  volumes?: { name: string; [field: string]: unknown }[];
  affinity?: { podAntiAffinity?: unknown; [field: string]: unknown };
  topologySpreadConstraints?: unknown[];
  enableServiceLinks?: boolean;
  [field: string]: unknown;
}

export interface Container {
  name: string;
  image?: string;
  ports?: ContainerPort[];
  env?: { name: string; [field: string]: unknown }[];
  volumeMounts?: { name: string; mountPath: string; [field: string]: unknown }[];
  startupProbe?: object;
  readinessProbe?: object;
  livenessProbe?: object;
  lifecycle?: { preStop?: object; [field: string]: unknown };
  [field: string]: unknown;
}

export interface ContainerPort {
  containerPort: number;
  name?: string;
  protocol?: string;
  [field: string]: unknown;
}

export interface ClaimTemplate {
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: ClaimSpec;
  [field: string]: unknown;
}

export interface ClaimSpec {
  storageClassName?: string;
  resources?: { requests?: { storage?: string } };
  [field: string]: unknown;
}

export interface StatefulSet extends KubeObject {
  spec: {
    replicas?: number;
    template: PodTemplate;
    volumeClaimTemplates?: ClaimTemplate[];
    updateStrategy?: { type?: string; rollingUpdate?: { partition?: number } };
    persistentVolumeClaimRetentionPolicy?: { whenDeleted?: string; whenScaled?: string };
    [field: string]: unknown;
  };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    readyReplicas?: number;
    updatedReplicas?: number;
    currentRevision?: string;
    updateRevision?: string;
  };
}

export interface Autoscaler extends KubeObject {
  status?: {
    conditions?: { type: string; status: string; reason?: string; message?: string; lastTransitionTime?: string }[];
  };
}

export interface Deployment extends KubeObject {
  spec: { replicas?: number; template: PodTemplate; [field: string]: unknown };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    availableReplicas?: number;
    readyReplicas?: number;
  };
}

export interface Claim extends KubeObject {
  spec: ClaimSpec;
  status?: { phase?: string; capacity?: { storage?: string } };
}

export interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
}

export interface StorageClass extends KubeObject {
  allowVolumeExpansion?: boolean;
}

export interface PodCondition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}

export interface ContainerState {
  waiting?: { reason?: string; message?: string };
  running?: { startedAt?: string };
  terminated?: { reason?: string; exitCode?: number; message?: string; finishedAt?: string };
}

export interface ContainerStatus {
  name: string;
  ready?: boolean;
  restartCount?: number;
  image?: string;
  state?: ContainerState;
  lastState?: ContainerState;
}

export interface Pod extends KubeObject {
  spec: PodSpec;
  status?: {
    phase?: string;
    podIP?: string;
    reason?: string;
    message?: string;
    conditions?: PodCondition[];
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
  };
}
