import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { versions } from '../base/versions.ts';
import { goPrograms, programPath } from './go-programs.ts';

function goMod(module: string): string {
  return readFileSync(join(import.meta.dirname, '..', '..', 'go', module, 'go.mod'), 'utf8');
}

test('the Go modules pin the versions that this code says', () => {
  expect(goMod('kube')).toContain(`k8s.io/kubernetes v${versions.kubernetes}\n`);
  expect(goMod('kube')).toContain(`go.etcd.io/etcd/server/v3 v${versions.etcd}\n`);
  expect(goMod('addons')).toContain(`github.com/coredns/coredns v${versions.coredns}\n`);
  expect(goMod('addons')).toContain(`helm.sh/helm/v4 v${versions.helm}\n`);
  expect(goMod('addons')).toContain(`sigs.k8s.io/metrics-server v${versions.metricsServer}\n`);
});

test('a program’s place changes with the Go that builds it and with nothing else', () => {
  const [program] = goPrograms;
  const path = programPath('/cache', program, 'go1.26.8');
  expect(path).toMatch(/^\/cache\/go\/pause-1-[0-9a-f]{12}\/pause$/);
  expect(programPath('/cache', program, 'go1.26.8')).toBe(path);
  expect(programPath('/cache', program, 'go1.26.9')).not.toBe(path);
});
