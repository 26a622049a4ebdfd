import { describe, expect, test } from 'vitest';
import { mergeTemplate } from './merge-template.ts';

const ours = {
  metadata: { labels: { a: '1' } },
  spec: {
    containers: [
      {
        name: 'sharding',
        image: 'ours:1',
        env: [{ name: 'LISTEN', value: 'x' }],
        resources: { limits: { cpu: '1', memory: '1Gi' } },
      },
    ],
    volumes: [{ name: 'topology', configMap: { name: 'a' } }],
    topologySpreadConstraints: [{ maxSkew: 1 }],
  },
};

describe('mergeTemplate', () => {
  test('changes nothing where nothing is given', () => {
    expect(mergeTemplate(ours, undefined)).toEqual(ours);
    expect(mergeTemplate(ours, {})).toEqual(ours);
  });

  test('merges containers, their environment and volumes by name', () => {
    const over = {
      spec: {
        containers: [
          { name: 'sharding', resources: { limits: { memory: '2Gi' } }, env: [{ name: 'LOG_LEVEL', value: 'debug' }] },
          { name: 'extra', image: 'extra:1' },
        ],
        volumes: [{ name: 'more', emptyDir: {} }],
      },
    };
    expect(mergeTemplate(ours, over).spec).toMatchObject({
      containers: [
        {
          name: 'sharding',
          image: 'ours:1',
          env: [{ name: 'LISTEN' }, { name: 'LOG_LEVEL' }],
          resources: { limits: { cpu: '1', memory: '2Gi' } },
        },
        { name: 'extra', image: 'extra:1' },
      ],
      volumes: [{ name: 'topology' }, { name: 'more' }],
    });
  });

  test('replaces other lists, and adds what we do not have', () => {
    const over = {
      spec: { topologySpreadConstraints: [], tolerations: [{ operator: 'Exists' }], priorityClassName: 'high' },
    };
    expect(mergeTemplate(ours, over).spec).toMatchObject({
      topologySpreadConstraints: [],
      tolerations: [{ operator: 'Exists' }],
      priorityClassName: 'high',
    });
  });

  test('changes neither of its arguments', () => {
    const before = structuredClone(ours);
    mergeTemplate(ours, { spec: { containers: [{ name: 'sharding', image: 'other' }] } });
    expect(ours).toEqual(before);
  });
});
