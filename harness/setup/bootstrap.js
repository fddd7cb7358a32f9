// What `npm start` and `npm test` run first. Plain JavaScript with nothing but Node: nothing is installed yet.
// It installs the locked packages unless they are there, then hands over.
import { spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
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

/** How often it is looked whether npm, which started this, still lives. */
const lookMs = 1000;

/** A line that Linux has about a process; empty elsewhere, and where there is none. */
function told(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return '';
  }
}

/** The processes above this one, up to npm, which may have put a shell between. */
function above() {
  const parent = process.ppid;
  const isShell = /^(?:da|ba|z|k)?sh$/.test(told(parent, 'comm').trim());
  const stat = told(parent, 'stat');
  return isShell ? `${parent} ${stat.slice(stat.lastIndexOf(')')).split(' ')[2]}` : String(parent);
}

/**
 * Runs a command to its end, and ends it with this process; its failure is ours. Whatever the signal is, SIGTERM is
 * passed on: after Ctrl+C the command has heard SIGINT itself, and a second one would end it at once.
 */
function hand(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    const end = () => void child.kill('SIGTERM');
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, end);
    // npm passes on no SIGHUP, and nothing when it is killed. Without npm, whoever started this may well have ended.
    const underNpm = process.env.npm_lifecycle_event !== undefined;
    const before = above();
    const look = setInterval(() => underNpm && above() !== before && end(), lookMs);
    const done = (code) => {
      clearInterval(look);
      for (const signal of signals) process.off(signal, end);
      resolve(code);
    };
    child.on('error', (error) => {
      console.error(`${command} does not run: ${error.message}`);
      done(3);
    });
    child.on('close', (code, signal) => done(code ?? (signal === 'SIGINT' ? 130 : 3)));
  });
}

// npm writes this file when it has installed what the lock file says
if (changed('node_modules/.package-lock.json') < changed('package-lock.json')) {
  console.log('installing the locked packages (npm ci)');
  const windows = process.platform === 'win32';
  const code = await hand(windows ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund'], { shell: windows });
  if (code !== 0) {
    console.error('npm ci failed: see above. Check the connection to the package registry and try again.');
    process.exit(3);
  }
}

// The channel closes when this process is killed: then the command ends itself.
const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
const [task, ...args] = process.argv.slice(2);
process.exitCode =
  task === 'test'
    ? await hand(process.execPath, ['--import=tsx', 'harness/checks/main.ts', ...args], { stdio })
    : await hand(process.execPath, [join(root, 'harness/cli/bin.js'), 'run', '--install', ...args], {
        cwd: process.env.INIT_CWD ?? root,
        stdio,
      });
