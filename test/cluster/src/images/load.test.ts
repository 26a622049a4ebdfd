import { expect, test } from 'vitest';

import { normalizeImage } from './load.ts';

test.each([
  ['redis:7', 'docker.io/library/redis:7'],
  ['redis', 'docker.io/library/redis:latest'],
  ['motif/operator:0.1.0', 'docker.io/motif/operator:0.1.0'],
  ['motif.local/pause:1', 'motif.local/pause:1'],
  ['localhost/a', 'localhost/a:latest'],
  ['registry:5000/a/b', 'registry:5000/a/b:latest'],
  ['a/b@sha256:00', 'docker.io/a/b@sha256:00'],
])('%s is kept as %s', (name, full) => {
  expect(normalizeImage(name)).toBe(full);
});
