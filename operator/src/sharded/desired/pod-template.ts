import { TemplateError } from '../errors.ts';
import type { Container, PodTemplate } from '../kinds.ts';
import { CLAIM_NAME, recommendedLabels, roleLabels, shardLabels } from '../names.ts';
import type { SecretKey, ShardedService } from '../resource.ts';
import { shardPort } from '../spec.ts';
import { withHttpDefaults } from './http-container.ts';
import { lacksProbe, PROBE_ENV, withRedisProbes } from './redis-probes.ts';
import { trafficContainer } from './traffic-container.ts';

/**
 * The pod template of one shard: the user's, with additions only. What the user wrote is never changed, but for the labels that
 * selectors need.
 *
 * Any change of what this adds restarts users' pods. It must be tied to `dataPlaneVersion` (see `golden.test.ts`).
 * @throws TemplateError
 */
export function shardPodTemplate(resource: ShardedService, index: number): PodTemplate {
  const { template } = resource.spec;
  if (template === undefined) throw new TemplateError('spec.template is missing');
  if (resource.spec.storage !== undefined && template.spec.volumes?.some(({ name }) => name === CLAIM_NAME)) {
    throw new TemplateError(
      `spec.template: has a volume named ${CLAIM_NAME}, which is the name of what spec.storage makes`,
    );
  }
  const traffic = trafficContainer(template, shardPort(resource));
  const containers = template.spec.containers.map((container, i) =>
    i === traffic ? withAdditions(resource, template, container) : container,
  );
  const service = resource.metadata.name;
  return {
    ...template,
    metadata: {
      ...template.metadata,
      labels: { ...recommendedLabels(resource, 'shard'), ...template.metadata?.labels, ...shardLabels(service, index) },
    },
    spec: { enableServiceLinks: false, ...template.spec, ...spread(resource, index, template), containers },
  };
}

function withAdditions(resource: ShardedService, template: PodTemplate, container: Container): Container {
  const port = shardPort(resource);
  const withStorage = withMount(resource, withPort(resource, container, port));
  if (resource.spec.protocol === 'http') return withHttpDefaults(withStorage, port, template);
  if (resource.spec.protocol !== 'redis') return withStorage;
  const { username, password } = resource.spec.auth ?? {};
  const login = { username: username !== undefined, password: password !== undefined };
  return withRedisProbes(lacksProbe(container) ? withProbeEnv(resource, withStorage) : withStorage, port, login);
}

function withPort(resource: ShardedService, container: Container, port: number): Container {
  if (container.ports?.some(({ containerPort }) => containerPort === port)) return container;
  const taken = container.ports?.some(({ name }) => name === resource.spec.protocol) ?? false;
  const declared = { containerPort: port, protocol: 'TCP', ...(taken ? {} : { name: resource.spec.protocol }) };
  return { ...container, ports: [...(container.ports ?? []), declared] };
}

function withMount(resource: ShardedService, container: Container): Container {
  const { storage } = resource.spec;
  if (storage === undefined) return container;
  const mountPath = storage.mountPath ?? '/data';
  const mounts = container.volumeMounts ?? [];
  if (mounts.some(({ name }) => name === CLAIM_NAME)) return container;
  const other = mounts.find((mount) => mount.mountPath === mountPath);
  if (other !== undefined) {
    throw new TemplateError(
      `spec.template: container ${container.name} mounts ${other.name} at ${mountPath}, where spec.storage goes`,
    );
  }
  return { ...container, volumeMounts: [...mounts, { name: CLAIM_NAME, mountPath }] };
}

function withProbeEnv(resource: ShardedService, container: Container): Container {
  const { username, password } = resource.spec.auth ?? {};
  const env = [
    ...(username === undefined ? [] : [fromSecret(PROBE_ENV.username, username)]),
    ...(password === undefined ? [] : [fromSecret(PROBE_ENV.password, password)]),
  ].filter(({ name }) => !container.env?.some((own) => own.name === name));
  return env.length === 0 ? container : { ...container, env: [...(container.env ?? []), ...env] };
}

function fromSecret(name: string, key: SecretKey): { name: string; valueFrom: object } {
  return { name, valueFrom: { secretKeyRef: { name: key.secretRef.name, key: key.secretRef.key } } };
}

/** Soft, so that a cluster with fewer nodes than shards still runs all of them. */
function spread(resource: ShardedService, index: number, template: PodTemplate): object {
  const { topologySpreadConstraints, affinity } = template.spec;
  if (topologySpreadConstraints !== undefined || affinity?.podAntiAffinity !== undefined) return {};
  const service = resource.metadata.name;
  const shards = spreadOverNodes(roleLabels(service, 'shard'));
  if (resource.spec.protocol !== 'http') return { topologySpreadConstraints: [shards] };
  return { topologySpreadConstraints: [shards], affinity: { ...affinity, podAntiAffinity: apart(service, index) } };
}

/**
 * Replicas of one shard keep apart above all. Whether it has one or several: giving a shard another one must not restart those that it has. (A second
 * constraint over the same nodes cannot be: the API tells constraints apart by their key and what happens where they do not hold.)
 */
function apart(service: string, index: number): object {
  const podAffinityTerm = {
    labelSelector: { matchLabels: shardLabels(service, index) },
    topologyKey: 'kubernetes.io/hostname',
  };
  return { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }] };
}

/** By node only: a constraint by zone would switch spreading off on nodes that have no zone. */
export function spreadOverNodes(matchLabels: Record<string, string>): object {
  return {
    maxSkew: 1,
    topologyKey: 'kubernetes.io/hostname',
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels },
  };
}
