import { complete, type Draft, smallest } from './base.ts';
import { ruled } from './by-rule.ts';
import { structural } from './by-structure.ts';
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
export const badCases: readonly BadCase[] = [...structural, ...ruled, ...names];

/** Every one of them is accepted. */
export const goodCases: readonly { readonly name: string; readonly resource: Draft }[] = [
  { name: 'the smallest', resource: smallest() },
  { name: 'one with every field that works', resource: complete() },
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
