import { z } from 'zod';
import { described, type Rule, sentence } from '../crd/fields.ts';
import { shardAutoscaling } from './autoscaling.ts';
import { auth, clientAuth } from './credentials.ts';
import { failure } from './failure.ts';
import { geoDatabase, hedge, httpRules, trustedProxies } from './http.ts';
import { keyRules } from './key.ts';
import { external } from './later.ts';
import { listsRules } from './map-range.ts';
import { notYet } from './not-yet.ts';
import { overrides, overridesRules } from './overrides.ts';
import { redis } from './redis.ts';
import { remapRules } from './remap.ts';
import { router } from './router.ts';
import { algorithmRules, sharding } from './sharding.ts';
import { claimRetention, storage, storageRules } from './storage.ts';
import { podTemplate } from './template.ts';

export const PROTOCOLS = ['redis', 'memcached', 'http'] as const;

const port = (object: string) =>
  `(has(${object}.port) ? ${object}.port : ${object}.protocol == 'http' ? 8080 : ${object}.protocol == 'memcached' ? 11211 : 6379)`;

const declares = `has(c.ports) && c.ports.exists(p, p.containerPort == ${port('self')})`;

const servicePort = `(has(self.router.service.port) ? self.router.service.port : ${port('self')})`;
const taken = `p.name == self.protocol || (p.port == ${servicePort} && (!has(p.protocol) || p.protocol == 'TCP'))`;

const fewest =
  '(has(self.shardAutoscaling) ? (has(self.shardAutoscaling.minReplicas) ? self.shardAutoscaling.minReplicas : 1) : self.replicas)';
const drained = 'self.disruption.maxUnavailable';

const replicasRules: readonly Rule[] = [
  {
    rule: "self.protocol == 'http' || self.replicas == 1",
    message: 'does not work for redis yet (not yet supported); allowed: 1',
    messageExpression: sentence(
      'found %d, which does not work for %s yet (not yet supported); allowed: 1',
      'self.replicas',
      'self.protocol',
    ),
    fieldPath: '.replicas',
  },
  {
    rule: `${drained} == 1 || (${fewest} > ${drained} && (!has(self.overrides) || self.overrides.all(o, !has(o.replicas) || o.replicas > ${drained})))`,
    message:
      'as many as a shard has replicas, or more: all of one shard would be down at once; allowed: 1, or fewer than the smallest shard has',
    messageExpression: sentence(
      'found %d, as many as a shard has replicas, or more: all of it would be down at once; allowed: 1, or fewer than the smallest shard has (%d without overrides)',
      drained,
      fewest,
    ),
    fieldPath: '.disruption.maxUnavailable',
  },
];

const rules: readonly Rule[] = [
  {
    rule: 'has(self.shards) || (has(self.external) && self.external.size() > 0)',
    message: 'shards: found nothing; allowed: 1 to 256',
    fieldPath: '.shards',
  },
  {
    rule: 'has(self.template) || (has(self.external) && self.external.size() > 0)',
    message: 'template: found nothing; allowed: a pod template as in a Deployment, of one shard',
    fieldPath: '.template',
  },
  {
    rule:
      '!has(self.template) || self.template.spec.containers.size() == 1 || ' +
      `self.template.spec.containers.exists_one(c, ${declares})`,
    message:
      'allowed: one container, or several of which exactly one declares spec.port in its ports: it takes the traffic',
    messageExpression: sentence(
      'found containers %s, of which %s declare containerPort %d; allowed: exactly one, which then takes the traffic, or one container in all',
      'self.template.spec.containers.map(c, c.name)',
      `self.template.spec.containers.filter(c, ${declares}).map(c, c.name)`,
      port('self'),
    ),
    fieldPath: '.template.spec.containers',
  },
  ...replicasRules,
  {
    rule: `${port('self')} == ${port('oldSelf')}`,
    message: 'cannot change: shards roll one after another, and those still on the former port could not be reached',
    messageExpression: sentence(
      'found %d, was %d; cannot change: shards roll one after another, and those still on the former port could not be reached. ' +
        'What clients use is spec.router.service.port, which can change',
      port('self'),
      port('oldSelf'),
    ),
    fieldPath: '.port',
  },
  {
    rule: `!has(self.router.service.extraPorts) || !self.router.service.extraPorts.exists(p, ${taken})`,
    message: 'a port of the name or number of the main one; allowed: others',
    messageExpression: sentence(
      'found %s, which has the name or number of the main port %d (%s); allowed: others',
      `self.router.service.extraPorts.filter(p, ${taken}).map(p, p.name)`,
      servicePort,
      'self.protocol',
    ),
    fieldPath: '.router.service.extraPorts',
  },
  ...algorithmRules,
  ...keyRules,
  ...listsRules,
  ...overridesRules,
  ...httpRules,
  ...storageRules,
  ...remapRules,
];

const disruption = described(
  z
    .strictObject({
      maxUnavailable: described(
        z.int().min(1).max(256).default(1),
        'How many pods a node drain and the like may take at once: of all shards with replicas 1 (then only 1 is allowed), else of each shard, and then fewer than it has replicas.',
      ),
    })
    .prefault({}),
  'The disruption budgets.',
);

/** `spec` of a ShardedService. */
export const shardedServiceSpec = described(
  z.strictObject({
    protocol: described(
      z.enum(PROTOCOLS),
      'What the shards speak. redis or http; memcached is not yet supported. It cannot change.',
      [
        notYet("self != 'memcached'", 'self', 'redis, http'),
        {
          rule: 'self == oldSelf',
          message: 'cannot change: what the shards hold is of the former protocol; make a resource of another name',
          messageExpression: sentence(
            'found %s, was %s; cannot change: what the shards hold is of the former protocol; make a resource of another name',
            'self',
            'oldSelf',
          ),
        },
      ],
    ),
    shards: described(
      z.int().min(1).max(256).exactOptional(),
      'How many shards, 1 to 256; required. Each has its part of the keys. kubectl scale sets it; a change needs sharding.onRemap Remap. When there are to be fewer, the highest go first.',
    ),
    replicas: described(
      z.int().min(1).max(64).default(1),
      'How many replicas each shard has; requests go to the less loaded of two. For redis only 1: more are not yet supported.',
    ),
    port: described(
      z.int().min(1).max(65535).exactOptional(),
      'Where the shards listen. None: 6379 for redis, 8080 for http. It cannot change.',
    ),
    template: described(
      podTemplate.exactOptional(),
      'The pod template of each shard, as in a Deployment; required. The container that declares port takes the traffic, else the only one.',
    ),
    external,
    storage,
    claimRetention,
    sharding,
    overrides,
    failure,
    redis,
    router,
    auth,
    clientAuth,
    hedge,
    shardAutoscaling,
    trustedProxies,
    geoDatabase,
    suspend: described(
      z.boolean().default(false),
      'true: no pod of the shards and the router runs; claims, Services and the place of each key stay. false: they come back.',
    ),
    disruption,
    dataPlaneVersion: described(
      z
        .string()
        .max(64)
        .regex(/^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$/)
        .exactOptional(),
      "The version of Motif's own containers, for instance 0.1.0. None: the one that the resource was first rolled out with (see status), whatever the operator's version. Setting it rolls them.",
    ),
  }),
  'What is wanted.',
  rules,
);
