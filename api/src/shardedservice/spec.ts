import { z } from 'zod';
import { described, type Rule, sentence } from '../crd/fields.ts';
import { auth, clientAuth } from './credentials.ts';
import { failure } from './failure.ts';
import { external, geoDatabase, hedge, shardAutoscaling, trustedProxies } from './later.ts';
import { redis } from './redis.ts';
import { router } from './router.ts';
import { notYet, overrides, remapRules, sharding } from './sharding.ts';
import { claimRetention, storage, storageRules } from './storage.ts';
import { podTemplate } from './template.ts';

export const PROTOCOLS = ['redis', 'memcached', 'http'] as const;

const port = (object: string) => `(has(${object}.port) ? ${object}.port : 6379)`;

const declares = `has(c.ports) && c.ports.exists(p, p.containerPort == ${port('self')})`;

const servicePort = `(has(self.router.service.port) ? self.router.service.port : ${port('self')})`;
const taken = `p.name == self.protocol || (p.port == ${servicePort} && (!has(p.protocol) || p.protocol == 'TCP'))`;

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
  {
    rule: 'self.replicas > 1 || self.disruption.maxUnavailable == 1',
    message: 'found more than 1 with replicas 1, where it counts shards: two at once would be down; allowed: 1',
    messageExpression: sentence(
      'found %d with replicas 1, where it counts shards, of which two at once would be down; allowed: 1',
      'self.disruption.maxUnavailable',
    ),
    fieldPath: '.disruption.maxUnavailable',
  },
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
  ...storageRules,
  ...remapRules,
];

const disruption = described(
  z
    .strictObject({
      maxUnavailable: described(
        z.int().min(1).max(256).default(1),
        'How many pods a node drain and the like may take at once: of all shards with replicas 1 (then only 1 is allowed), else of each shard.',
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
      'What the shards speak. redis; memcached and http are not yet supported. It cannot change.',
      [
        notYet("self == 'redis'", 'self', 'redis'),
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
      'How many replicas each shard has. For redis only 1: more are not yet supported.',
      [notYet('self == 1', 'self', '1', 'does not work for redis yet')],
    ),
    port: described(
      z.int().min(1).max(65535).exactOptional(),
      'Where the shards listen. None: 6379 for redis. It cannot change.',
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
