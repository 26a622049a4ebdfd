import { defineConfig } from 'vitest/config';

/**
 * Three projects. `unit` needs neither root nor a cluster and takes seconds. `cluster` shares one real Kubernetes, which the
 * global set-up starts; its files run side by side, each in namespaces of its own. `breaks` takes parts of that Kubernetes
 * away, so its files run alone, one after the other.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: ['**/node_modules/**', 'dist/**', 'test/e2e/**'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'cluster',
          include: ['test/e2e/**/*.e2e.ts'],
          exclude: ['**/node_modules/**', 'test/e2e/**/*.breaks.e2e.ts'],
          globalSetup: ['test/cluster/src/testing/global-setup.ts', 'test/e2e/src/global-setup.ts'],
          testTimeout: 180_000,
          hookTimeout: 300_000,
          maxWorkers: 4,
        },
      },
      {
        test: {
          name: 'breaks',
          include: ['test/e2e/**/*.breaks.e2e.ts'],
          globalSetup: ['test/cluster/src/testing/global-setup.ts', 'test/e2e/src/global-setup.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
