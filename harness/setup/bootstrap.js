// What `npm start` and `npm test` run first. Plain JavaScript with nothing but Node: nothing is installed yet.
// It installs the locked packages unless they are there, then hands over.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`webrtc-interop needs Node 20.19 or newer; this is ${process.version}.`);
  process.exit(2);
}

/** When a file was last changed, or 0 where it is not there. */
const changed = (path) => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Runs a command to its end; its failure is ours. */
function hand(command, args, options = {}) {
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) console.error(`${command} does not run: ${error.message}`);
  return status ?? (signal === 'SIGINT' ? 130 : 3);
}

// npm writes this file when it has installed what the lock file says
if (changed('node_modules/.package-lock.json') < changed('package-lock.json')) {
  console.log('installing the locked packages (npm ci)');
  const windows = process.platform === 'win32';
  const code = hand(windows ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund'], { shell: windows });
  if (code !== 0) {
    console.error('npm ci failed: see above. Check the connection to the package registry and try again.');
    process.exit(3);
  }
}

// Ctrl+C reaches the child too; it ends in order, and this process with it.
process.on('SIGINT', () => undefined);
const [task, ...args] = process.argv.slice(2);
process.exitCode =
  task === 'test'
    ? hand(process.execPath, ['--import=tsx', 'harness/checks/main.ts', ...args])
    : hand(process.execPath, [join(root, 'harness/cli/bin.js'), 'run', '--install', ...args], {
        cwd: process.env.INIT_CWD ?? root,
      });
