// Builds the dashboard into dist/dashboard. In development the API of a running server is proxied.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const api = process.env['WAYMARK_API'] ?? 'http://127.0.0.1:4000';
/** The server refuses foreign origins: in development the page comes through here as if it were its own. */
const proxied = { target: api, changeOrigin: true, headers: { origin: api } };

export default defineConfig({
  root: here('.'),
  cacheDir: here('../.cache/vite'),
  plugins: [svelte({ configFile: here('svelte.config.js') })],
  build: {
    outDir: here('../dist/dashboard'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
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
