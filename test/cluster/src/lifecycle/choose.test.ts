import { expect, test } from 'vitest';

import { type ChoiceFacts, chooseCluster, explainChoice } from './choose.ts';

const nothing: ChoiceFacts = { kubeconfig: undefined, images: undefined, kind: false, docker: false, breaks: false };

test.each<[string, Partial<ChoiceFacts>, string]>([
  ['nothing said', {}, 'embedded'],
  ['kind without docker', { kind: true }, 'embedded'],
  ['docker without kind', { docker: true }, 'embedded'],
  ['kind and docker', { kind: true, docker: true }, 'kind'],
  ['a kubeconfig', { kubeconfig: '/k' }, 'kubeconfig'],
  ['a kubeconfig goes before kind', { kubeconfig: '/k', kind: true, docker: true }, 'kubeconfig'],
  ['an empty kubeconfig is none', { kubeconfig: '' }, 'embedded'],
  ['tests that break a cluster', { kubeconfig: '/k', kind: true, docker: true, breaks: true }, 'embedded'],
])('%s', (_, facts, use) => {
  expect(chooseCluster({ ...nothing, ...facts }).use).toBe(use);
});

test('says where images come from', () => {
  const choice = chooseCluster({ ...nothing, kubeconfig: '/k', images: 'registry.example/motif' });
  expect(explainChoice(choice)).toContain('/k');
  expect(explainChoice(choice)).toContain('registry.example/motif');
  expect(explainChoice(chooseCluster({ ...nothing, kubeconfig: '/k' }))).toContain('MOTIF_IMAGES');
});
