import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** One graphql realm: vitest would otherwise load its CommonJS and its ES build side by side. */
const graphql = fileURLToPath(new URL('node_modules/graphql/index.js', import.meta.url));

const shared = {
  oxc: { decorator: { legacy: true } },
  resolve: { alias: [{ find: /^graphql$/, replacement: graphql }] },
};
/** Far beyond what any test takes, so that none fails on a busy machine. */
const limits = { testTimeout: 600_000, hookTimeout: 600_000 };
/** A worker keeps the server's modules from file to file: to load them takes longer than most files' tests. */
const workers = { isolate: false };

export default defineConfig({
  cacheDir: '.cache/vitest',
  test: {
    // More than there are processors: many tests wait for what they have killed or stopped.
    maxWorkers: availableParallelism() + 1,
    // One engine for all projects.
    globalSetup: ['tests/support/global-setup.ts'],
    projects: [
      {
        ...shared,
        test: {
          ...limits,
          ...workers,
          name: 'engine',
          setupFiles: ['tests/support/seed.ts'],
          include: ['server/**/*.test.ts', 'dashboard/src/**/*.test.ts', 'tests/**/*.test.ts'],
          exclude: ['tests/browser/**', 'node_modules/**'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        // After the others: what a page needs of a machine is more than what most of them need.
        ...shared,
        test: {
          ...limits,
          ...workers,
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
