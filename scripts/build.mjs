// Builds the server (rolldown) and the dashboard (vite) into dist/, each only when its sources changed.
// Without the sources (an installed image) what stands in dist/ is used as it is.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const TARGETS = {
  server: {
    sources: ['server', 'scripts/build.mjs', 'package.json'],
    build: () => bundle('main', 'server/main.ts'),
  },
  schema: {
    sources: ['server', 'scripts/build.mjs', 'package.json'],
    build: () => bundle('schema', 'server/api/schema.ts'),
  },
  engine: {
    sources: ['server/engine/embedded/child.ts', 'scripts/build.mjs', 'package.json'],
    build: () => bundle('engine', 'server/engine/embedded/child.ts'),
  },
  dashboard: { sources: ['dashboard', 'schema.graphql', 'package.json'], build: buildDashboard },
};

export async function bundle(name, entry) {
  const { build } = await import('rolldown');
  await build({
    cwd: root,
    input: { [name]: entry },
    platform: 'node',
    external: (id) => /^[^./]/.test(id) && !id.startsWith(root) && !id.startsWith('@oxc-project/'),
    logLevel: 'warn',
    transform: { target: 'node20' },
    output: { dir: 'dist/server', format: 'esm', sourcemap: true, entryFileNames: '[name].js' },
  });
}

async function buildDashboard() {
  const { build } = await import('vite');
  await build({ root: join(root, 'dashboard'), logLevel: 'warn' });
}

function fingerprint(sources) {
  const hash = createHash('sha1');
  const visit = (path) => {
    const stat = statSync(path);
    if (stat.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name));
    else hash.update(`${path}:${stat.size}:${stat.mtimeMs}\n`);
  };
  for (const source of sources) if (existsSync(join(root, source))) visit(join(root, source));
  return hash.digest('hex');
}

/** Builds what is missing or older than its sources. `only` limits it to one target. */
export async function ensureBuilt(only) {
  for (const [name, target] of Object.entries(TARGETS)) {
    if ((only && only !== name) || !existsSync(join(root, target.sources[0]))) continue;
    const stamp = join(root, 'dist', `.${name}.stamp`);
    const now = fingerprint(target.sources);
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) continue;
    await target.build();
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, now);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await ensureBuilt(process.argv[2]);
