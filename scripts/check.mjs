// The rules of the house, each by its own tool. Runs all of them and says which failed.
import { spawnSync } from 'node:child_process';
import { root } from './build.mjs';

const CHECKS = {
  format: ['prettier', ['--check', '--log-level', 'warn', '.']],
  lint: ['eslint', ['.', '--max-warnings', '0']],
  types: ['tsc', ['-p', '.']],
  'dashboard types': [
    'svelte-check',
    ['--tsconfig', 'dashboard/tsconfig.json', '--output', 'human', '--fail-on-warnings'],
  ],
  'dependency rules': [
    'depcruise',
    ['--config', '.dependency-cruiser.cjs', '--output-type', 'err', 'server', 'dashboard/src'],
  ],
  'unused code': ['knip', []],
  'schema.graphql': [process.execPath, ['scripts/schema.mjs', '--check']],
  'generated types': [process.execPath, ['scripts/codegen.mjs', '--check']],
};

const only = process.argv.slice(2);
const failed = [];
for (const [name, [command, args]] of Object.entries(CHECKS)) {
  if (only.length > 0 && !only.includes(name)) continue;
  const path = command.includes('/') ? command : `node_modules/.bin/${command}`;
  const { status } = spawnSync(path, args, { cwd: root, stdio: 'inherit' });
  process.stdout.write(`${status === 0 ? 'ok    ' : 'FAILED'} ${name}\n`);
  if (status !== 0) failed.push(name);
}
process.exit(failed.length === 0 ? 0 : 1);
