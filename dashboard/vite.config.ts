// Builds the dashboard into dist/dashboard. In development the API of a running server is proxied.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const api = process.env['WAYMARK_API'] ?? 'http://127.0.0.1:4000';

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
      '/graphql': { target: api, ws: true, changeOrigin: true },
      '/v1': { target: api, changeOrigin: true },
      '/config.json': { target: api, changeOrigin: true },
    },
  },
});
