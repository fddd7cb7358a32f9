import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { Socket } from 'node:net';

/** Every process that the harness starts has this in its environment, so that it is found wherever it moves. */
export const markName = 'WEBRTC_INTEROP_FAMILY';
/** The mark of all processes that this process started begins with this. */
export const markPrefix = `${randomUUID()}-`;

/**
 * It reads what is running and what to remove, and acts when its input ends, which happens even if the harness is killed
 * by SIGKILL. It acts twice, because a process may be starting just then. Only Linux shows the environment of processes;
 * elsewhere process groups have to suffice.
 */
const script = `
trap '' INT HUP TERM QUIT
groups= dirs= found= sessions=
while IFS=' ' read -r what value; do
  case $what in
    groups) groups=$value ;;
    sessions) sessions=$value ;;
    dir) dirs="$dirs
$value" ;;
  esac
done
[ -z "$sessions" ] || printf '%s' "$sessions" | "$2" -e "$3" &
for round in 1 2; do
  for group in $groups; do kill -9 -- "-$group" 2>/dev/null; done
  for path in $(grep -lsF "${markName}=$1" /proc/[0-9]*/environ 2>/dev/null); do
    pid=\${path#/proc/}
    kill -9 "\${pid%/environ}" 2>/dev/null && found=yes
  done
  [ "$round" = 2 ] || [ -z "$groups$found" ] || sleep 1
done
printf '%s\\n' "$dirs" | while IFS= read -r dir; do [ -n "$dir" ] && rm -rf -- "$dir"; done
wait
`;

/** Ends sessions on other machines; it reads the credentials from its input, where no process list shows them. */
const endSessions = `
const text = require('node:fs').readFileSync(0, 'utf8');
for (const { url, headers } of JSON.parse(Buffer.from(text, 'base64').toString()))
  fetch(url, { method: 'DELETE', headers, signal: AbortSignal.timeout(10000) }).catch(() => undefined);
`;

const groups = new Set<number>();
const sessions = new Map<string, FarSession>();
let child: ChildProcess | undefined;
let isWatched = false;

/** Starts the reaper, once; it ends with this process. There is none on Windows: Node has no access to job objects. */
function reaper(): ChildProcess | undefined {
  if (process.platform === 'win32') return undefined;
  if (child !== undefined) return child;
  const args = ['webrtc-interop-reaper', markPrefix, process.execPath, endSessions];
  child = spawn('/bin/sh', ['-c', script, ...args], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.unref();
  // One that was stopped would never hear that its input has ended.
  if (!isWatched) process.on('exit', () => void child?.kill('SIGCONT'));
  isWatched = true;
  child.on('error', ignoreDeadReaper);
  child.stdin?.on('error', ignoreDeadReaper);
  if (child.stdin instanceof Socket) child.stdin.unref();
  return child;
}

/** close() still ends browsers; only the safety net is missing. The next browser that starts gets a new reaper. */
function ignoreDeadReaper(): void {
  child = undefined;
}

const tell = (line: string): void => {
  reaper()?.stdin?.write(`${line}\n`);
};

/** Has the process group killed when this process ends, however it ends, unless `forgetGroup` came first. */
export function reapGroup(group: number): void {
  groups.add(group);
  tell(`groups ${[...groups].join(' ')}`);
}

/** Tells the reaper that the whole group has ended. */
export function forgetGroup(group: number): void {
  if (groups.delete(group)) tell(`groups ${[...groups].join(' ')}`);
}

/** A WebDriver session that does not end with any process of this machine. */
export interface FarSession {
  /** Its address, which `DELETE` ends. */
  url: string;
  headers: Readonly<Record<string, string>>;
}

/**
 * Has a session ended when this process ends, however it ends, unless `forgetSession` came first. If its server cannot
 * be reached, the session ends when the server finds it idle.
 */
export function reapSession(session: FarSession): void {
  sessions.set(session.url, session);
  tellSessions();
}

/** Tells the reaper that a session has ended. */
export function forgetSession(url: string): void {
  if (sessions.delete(url)) tellSessions();
}

const tellSessions = (): void =>
  tell(
    `sessions ${sessions.size === 0 ? '' : Buffer.from(JSON.stringify([...sessions.values()])).toString('base64')}`,
  );

/** Has a temporary directory of ours removed when this process ends; one that is gone by then is fine. */
export function reapDirectory(path: string): void {
  tell(`dir ${path}`);
}
