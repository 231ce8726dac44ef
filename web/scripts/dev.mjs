// Starts the server and the pages, both reloading on change: `make dev`.
import { spawn, spawnSync } from 'node:child_process';
import { watch } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** How long the sources must be quiet before a build: an editor saves a file in several steps. */
const QUIET_MS = 200;
const PAGES = 'http://localhost:5173';

let server;
let waiting;

function start() {
  const built = spawnSync('cargo', ['build', '--package', 'attune-server'], { cwd: root, stdio: 'inherit' });
  if (built.status !== 0) return;
  if (server === undefined || server.exitCode !== null || server.signalCode !== null) return serve();
  // The data and the address are free when the one before has ended.
  server.removeAllListeners('exit').once('exit', serve).kill('SIGTERM');
}

function serve() {
  server = spawn('target/debug/attune', ['serve', '--public-url', PAGES], { cwd: root, stdio: 'inherit' });
}

start();
for (const folder of ['server/src', 'protocol/src']) {
  watch(resolve(root, folder), { recursive: true }, () => {
    clearTimeout(waiting);
    waiting = setTimeout(start, QUIET_MS);
  });
}
const pages = spawn('npx', ['vite', '--port', '5173', '--strictPort'], {
  cwd: resolve(root, 'web'),
  stdio: 'inherit',
});
pages.on('exit', (code) => {
  server?.kill('SIGTERM');
  process.exit(code ?? 0);
});
