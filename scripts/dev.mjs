// npm run dev: the server starts again when its code changes, the dashboard reloads in place (Vite, which
// passes API calls on). Settings come from the environment as for npm start.
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { bundle, ensureBuilt, root } from './build.mjs';

const port = process.env.PORT ?? '4000';
let server;
let timer;

function start() {
  server = spawn(process.execPath, ['dist/server/main.js', 'start'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PORT: port },
  });
}

async function restart() {
  try {
    await bundle('main', 'server/main.ts');
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    return;
  }
  server.once('exit', start);
  server.kill('SIGTERM');
}

await ensureBuilt();
start();
watch(join(root, 'server'), { recursive: true }, () => {
  clearTimeout(timer);
  timer = setTimeout(restart, 200);
});
const vite = spawn(process.execPath, ['node_modules/vite/bin/vite.js', 'dashboard'], {
  cwd: root,
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    vite.kill();
    server.removeAllListeners('exit');
    server.once('exit', () => process.exit(0));
    server.kill(signal);
  });
}
