// Builds the dashboard into dist/dashboard. In development the API of a running server is proxied.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { firstFiles } from './first-files.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const api = process.env['WAYMARK_API'] ?? 'http://127.0.0.1:4000';
/** The server refuses foreign origins: in development the page comes through here as if it were its own. */
const proxied = { target: api, changeOrigin: true, headers: { origin: api } };

/**
 * What the entry imports is one file, what several pages share another. Each group takes along whatever its modules
 * import, so that no file imports one which imports it back: modules run in the order they were written for.
 */
const FEW_FILES = [
  { name: 'index', tags: ['$initial' as const], priority: 2 },
  { name: 'pages', minShareCount: 3, priority: 1 },
];

export default defineConfig({
  root: here('.'),
  cacheDir: here('../.cache/vite'),
  plugins: [svelte({ configFile: here('svelte.config.js') }), firstFiles()],
  build: {
    outDir: here('../dist/dashboard'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    rolldownOptions: { output: { codeSplitting: { groups: FEW_FILES } } },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/graphql': { ...proxied, ws: true },
      '/v1': proxied,
      '/imports': proxied,
      '/readyz': proxied,
      '/config.json': proxied,
    },
  },
});
