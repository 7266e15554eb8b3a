// Builds the server (rolldown) and the dashboard (vite) into dist/, each only when its sources changed.
// Without the sources (an installed image) what stands in dist/ is used as it is.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

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
  await Promise.all(filesIn(join(root, 'dist/dashboard')).map(compress));
}

const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Beside each text its smallest form, made once: the server sends it to whoever takes it. */
async function compress(path) {
  if (!/\.(js|css|svg|html)$/.test(path) || statSync(path).size < 1024) return;
  const { BROTLI_PARAM_QUALITY, BROTLI_MAX_QUALITY } = constants;
  const params = { [BROTLI_PARAM_QUALITY]: BROTLI_MAX_QUALITY };
  writeFileSync(`${path}.br`, await promisify(brotliCompress)(readFileSync(path), { params }));
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

function isCurrent(name, target) {
  if (!existsSync(join(root, target.sources[0]))) return true;
  const stamp = stampOf(name);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(target.sources);
}

function stampOf(name) {
  return join(root, 'dist', `.${name}.stamp`);
}

/**
 * Builds what is missing or older than its sources. `only` limits it to one target. The work is done in a
 * process of its own, so that the memory it takes goes with it.
 */
export async function ensureBuilt(only) {
  const stale = Object.entries(TARGETS).filter(
    ([name, target]) => (!only || only === name) && !isCurrent(name, target),
  );
  if (stale.length === 0) return;
  const { status } = spawnSync(
    process.execPath,
    [fileURLToPath(import.meta.url), ...stale.map(([name]) => name)],
    {
      cwd: root,
      stdio: ['ignore', 2, 2],
    },
  );
  if (status !== 0) process.exit(status ?? 1);
}

async function buildNow(names) {
  for (const name of names) {
    const target = TARGETS[name];
    const now = fingerprint(target.sources);
    await target.build();
    mkdirSync(dirname(stampOf(name)), { recursive: true });
    writeFileSync(stampOf(name), now);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildNow(process.argv.length > 2 ? process.argv.slice(2) : Object.keys(TARGETS));
}
