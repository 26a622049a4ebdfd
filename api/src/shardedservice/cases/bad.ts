import { complete, completeHttp, type Draft, largestHttp, smallest, smallestHttp } from './base.ts';
import { ruled } from './by-rule.ts';
import { structural } from './by-structure.ts';
import { httpCases } from './http.ts';
import { type BadCase, changed, container, structure } from './make.ts';

/** Wrong by its name: zod knows it as structure, the API server by a rule. */
const names: readonly BadCase[] = [
  structure('a name of 41 characters', 'metadata.name', ['a'.repeat(41), 'at most 40 characters'], ({ metadata }) => {
    metadata.name = 'a'.repeat(41);
  }),
  structure('a name with a dot', 'metadata.name', ['found my.cart', 'allowed: a letter'], ({ metadata }) => {
    metadata.name = 'my.cart';
  }),
  structure(
    'a name that begins with a digit',
    'metadata.name',
    ['found 1cart', 'allowed: a letter'],
    ({ metadata }) => {
      metadata.name = '1cart';
    },
  ),
];

/** Each wrong in another way. */
export const badCases: readonly BadCase[] = [...structural, ...ruled, ...names, ...httpCases];

/** Every one of them is accepted. */
export const goodCases: readonly { readonly name: string; readonly resource: Draft }[] = [
  { name: 'the smallest', resource: smallest() },
  { name: 'one with every field that works', resource: complete() },
  { name: 'the smallest for http', resource: smallestHttp() },
  { name: 'one with every field that works for http', resource: completeHttp() },
  { name: 'the largest for http', resource: largestHttp() },
  {
    name: 'http by ranges written in any order',
    resource: changed(smallestHttp(), ({ spec }) => {
      Object.assign(spec.sharding, {
        algorithm: 'range',
        range: ['n', 'Z', ''].map((from, shard) => ({ from, shard })),
      });
    }),
  },
  {
    name: 'http by address behind trusted proxies, without a router',
    resource: changed(smallestHttp(), ({ spec }) => {
      Object.assign(spec, { sharding: { key: ['ip'] }, router: { replicas: 0 }, trustedProxies: ['10.0.0.0/8'] });
    }),
  },
  {
    name: 'http by address with a router',
    resource: changed(smallestHttp(), ({ spec }) => {
      spec.sharding.key = ['ip'];
    }),
  },
  {
    name: 'redis with weights and a hash name',
    resource: changed(smallest(), ({ spec }) => {
      spec.overrides = [
        { index: 0, weight: 3 },
        { index: 2, hashName: 'old-1' },
      ];
    }),
  },
  { name: 'a name of 40 characters', resource: smallest('a'.repeat(40)) },
  {
    name: 'storage by default',
    resource: changed(smallest(), ({ spec }) => {
      spec.storage = {};
    }),
  },
  {
    name: 'several containers, one with the port by default',
    resource: changed(smallest(), ({ spec }) => {
      container(spec).ports = [{ containerPort: 6379 }];
      spec.template.spec.containers.push({ name: 'other', image: 'x' });
    }),
  },
];
