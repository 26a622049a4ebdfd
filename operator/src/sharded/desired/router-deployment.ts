import { GEO_DIRECTORY } from '@motif/api/topology';
import type { KubeObject } from '@motif/kube';
import type { Container, Deployment, PodTemplate } from '../kinds.ts';
import { ANNOTATION, recommendedLabels, roleLabels, routerName, topologyName, usesLabel } from '../names.ts';
import type { ShardedService } from '../resource.ts';
import { DEFAULT_PORTS, routerReplicas } from '../spec.ts';
import { geoVolume } from './geo-volume.ts';
import { mergeTemplate } from './merge-template.ts';
import { spreadOverNodes } from './pod-template.ts';
import { secretsVolume } from './secrets-volume.ts';

/** Which of our containers, from where. */
export interface DataPlane {
  /** Registry and path that hold our images, without a slash at the end: `motif`, `registry.example.com/team/motif`. */
  readonly registry: string;
  /** `dataPlaneVersion` that this resource stays at. */
  readonly version: string;
}

const ADMIN_PORT = 9900;

/**
 * The router: the sharding ambassador for those who have none of their own in their pod.
 *
 * The template depends on the resource and the data plane's version alone: an operator upgrade changes no byte of it.
 */
export function routerDeployment(resource: ShardedService, dataPlane: DataPlane): KubeObject & Deployment {
  const { name, namespace } = resource.metadata;
  const selector = roleLabels(name, 'router');
  const template = mergeTemplate(routerTemplate(resource, dataPlane), resource.spec.router?.template);
  const labels = { ...template.metadata?.labels, ...selector, [usesLabel(name)]: 'true' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: routerName(name),
      namespace,
      labels: { ...recommendedLabels(resource, 'router'), ...selector },
      annotations: { [ANNOTATION.dataPlaneVersion]: dataPlane.version },
    },
    spec: {
      replicas: routerReplicas(resource),
      revisionHistoryLimit: 3,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      selector: { matchLabels: selector },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

function routerTemplate(resource: ShardedService, dataPlane: DataPlane): PodTemplate {
  const { name } = resource.metadata;
  const secrets = secretsVolume(resource, 'secrets');
  const geo = geoVolume(resource, 'geo');
  const volumes = [
    // Optional, so that a router that comes first starts and says what it waits for.
    { name: 'topology', configMap: { name: topologyName(name), optional: true } },
    ...(secrets === undefined ? [] : [secrets]),
    ...(geo === undefined ? [] : [geo]),
  ];
  return {
    metadata: { labels: { ...recommendedLabels(resource, 'router'), ...roleLabels(name, 'router') } },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 30,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65532,
        runAsGroup: 65532,
        fsGroup: 65532,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      topologySpreadConstraints: [spreadOverNodes(roleLabels(name, 'router'))],
      containers: [
        routerContainer(dataPlane, resource, [
          { name: 'topology', mountPath: '/etc/motif/topology', readOnly: true },
          ...(secrets === undefined ? [] : [{ name: 'secrets', mountPath: '/etc/motif/secrets', readOnly: true }]),
          ...(geo === undefined ? [] : [{ name: 'geo', mountPath: GEO_DIRECTORY, readOnly: true }]),
        ]),
      ],
      volumes,
    },
  };
}

function routerContainer(
  { registry, version }: DataPlane,
  { spec }: ShardedService,
  volumeMounts: { name: string; mountPath: string; readOnly: boolean }[],
): Container {
  // The Service's port, and the shards', may be others.
  const port = DEFAULT_PORTS[spec.protocol];
  return {
    name: 'sharding',
    image: `${registry}/sharding:${version}`,
    env: [{ name: 'LISTEN', value: `0.0.0.0:${port}` }],
    ports: [
      { name: spec.protocol, containerPort: port, protocol: 'TCP' },
      { name: 'admin', containerPort: ADMIN_PORT, protocol: 'TCP' },
    ],
    volumeMounts,
    startupProbe: { httpGet: { path: '/healthz', port: 'admin' }, periodSeconds: 1, failureThreshold: 60 },
    livenessProbe: {
      httpGet: { path: '/healthz', port: 'admin' },
      periodSeconds: 10,
      timeoutSeconds: 3,
      failureThreshold: 6,
    },
    readinessProbe: {
      httpGet: { path: '/readyz', port: 'admin' },
      periodSeconds: 2,
      timeoutSeconds: 2,
      failureThreshold: 2,
    },
    // kube-proxy on every node has to hear that this pod ends before its listener closes, or new connections are refused meanwhile.
    lifecycle: { preStop: { sleep: { seconds: 3 } } },
    resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '2', memory: '256Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
    },
  };
}
