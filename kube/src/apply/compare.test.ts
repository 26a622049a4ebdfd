import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstDifference, firstUnwanted, withoutValues } from './compare.ts';

const owned = {
  'f:spec': {
    'f:replicas': {},
    'f:args': {},
    'f:finalizers': { 'v:"a"': {} },
    'f:containers': {
      'k:{"name":"redis"}': {
        '.': {},
        'f:name': {},
        'f:image': {},
        'f:ports': { 'k:{"containerPort":6379,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
      },
    },
  },
};

const spec = (fields: object) => ({ spec: fields });
const redis = (more: object = {}) => ({ name: 'redis', image: 'redis:7', ...more });

describe('firstDifference', () => {
  test.each([
    ['defaults and fields of others', { replicas: 1 }, { replicas: 1, strategy: 'x' }],
    ['empty and absent', { labels: {}, list: [], none: undefined }, {}],
    [
      'keyed items in another order, with others between',
      { containers: [redis()] },
      { containers: [{ name: 'x' }, redis()] },
    ],
    [
      'a key field that was filled in',
      { containers: [redis({ ports: [{ containerPort: 6379 }] })] },
      {
        containers: [
          redis({
            ports: [
              { containerPort: 80, protocol: 'TCP' },
              { containerPort: 6379, protocol: 'TCP' },
            ],
          }),
        ],
      },
    ],
    ['a set with more in it', { finalizers: ['a'] }, { finalizers: ['b', 'a'] }],
    ['defaults in items of atomic lists', { rules: [{ a: 1 }] }, { rules: [{ a: 1, b: 2 }] }],
    [
      'quantities of other spelling',
      { resources: { limits: { cpu: '1000m', memory: '1024Mi' } } },
      { resources: { limits: { cpu: '1', memory: '1Gi' } } },
    ],
    ['an empty text, false or zero that is ours and that the server drops', { replicas: 0, args: '' }, {}],
    ['the same in items of atomic lists', { rules: [{ a: '', b: false, c: 0 }] }, { rules: [{}] }],
    ['a size limit', { emptyDir: { sizeLimit: '0.5Gi' } }, { emptyDir: { sizeLimit: '512Mi' } }],
  ])('should see none in %s', (_, desired, live) => {
    expect(firstDifference(spec(desired), spec(live), owned)).toBeUndefined();
  });

  test.each([
    [{ replicas: 2 }, { replicas: 1 }, 'spec.replicas: 1 -> 2'],
    [{ replicas: 0 }, { replicas: 1 }, 'spec.replicas: 1 -> 0'],
    [{ never: false }, {}, 'spec.never: nothing -> false'],
    [{ replicas: 2 }, {}, 'spec.replicas: nothing -> 2'],
    [
      { containers: [redis({ image: 'redis:8' })] },
      { containers: [redis()] },
      'spec.containers[name="redis"].image: "redis:7" -> "redis:8"',
    ],
    [{ containers: [{ name: 'new' }] }, { containers: [redis()] }, 'spec.containers[name="new"]: is missing'],
    [{ args: ['a', 'b'] }, { args: ['b', 'a'] }, 'spec.args[0]: "b" -> "a"'],
    [{ args: ['a'] }, { args: ['a', 'b'] }, 'spec.args: 2 items -> 1'],
    [{ finalizers: ['c'] }, { finalizers: ['a'] }, 'spec.finalizers: "c" is missing'],
    [
      { env: [{ name: 'A', value: '1000m' }] },
      { env: [{ name: 'A', value: '1' }] },
      'spec.env[0].value: "1" -> "1000m"',
    ],
    [{ a: { b: 1 } }, { a: 1 }, 'spec.a: 1 -> {"b":1}'],
  ])('should name the first: %j over %j', (desired, live, expected) => {
    expect(firstDifference(spec(desired), spec(live), owned)).toBe(expected);
  });

  test('property: nothing differs from itself, nor from itself with more in its maps', () => {
    const json = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue());
    fc.assert(
      fc.property(json, fc.dictionary(fc.string(), fc.jsonValue()), (desired, more) => {
        expect(firstDifference(desired, structuredClone(desired), undefined)).toBeUndefined();
        expect(firstDifference(desired, { ...more, ...structuredClone(desired) }, undefined)).toBeUndefined();
      }),
    );
  });
});

describe('firstUnwanted', () => {
  const full = { replicas: 1, args: [], finalizers: ['a'], containers: [redis({ ports: [{ containerPort: 6379 }] })] };

  test('should see none where all that we own is wanted', () => {
    expect(firstUnwanted(spec(full), owned)).toBeUndefined();
  });

  test.each([
    [{ ...full, replicas: undefined }, 'spec.replicas: no longer wanted'],
    [{ ...full, finalizers: ['b'] }, 'spec.finalizers["a"]: no longer wanted'],
    [{ ...full, containers: [] }, 'spec.containers[name=redis]: no longer wanted'],
    [{ ...full, containers: [redis()] }, 'spec.containers[name=redis].ports: no longer wanted'],
  ])('should name the first: %j', (desired, expected) => {
    expect(firstUnwanted(spec(desired), owned)).toBe(expected);
  });
});

test('values of variables, ConfigMaps and Secrets stay out of sentences', () => {
  expect(withoutValues('data.password: "old" -> "new"')).toBe('data.password: changed');
  expect(withoutValues('spec.containers[name="a"].env[name="KEY"].value: "x" -> "y"')).toMatch(/\.value: changed$/);
  expect(withoutValues('spec.replicas: 1 -> 2')).toBe('spec.replicas: 1 -> 2');
});
