import { execa } from 'execa';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processesMentioning } from '../drivers/processes-mentioning.ts';
import { until } from '../drivers/deadline.ts';
import { readRun } from '../results/read-run.ts';
import { packageRoot } from '../run/environment.ts';
import { violations, type Attack } from './judge.ts';
import { targetsOf, type Target } from './processes.ts';

/** One run that is attacked. */
export interface Plan {
  browsers: readonly string[];
  scenarios: readonly string[];
  repeat: number;
  /** What is sent, in this order, with random pauses. */
  signals: readonly Attack['signal'][];
  /** Numbers from 0 to 1, from a seed. */
  random: () => number;
}

export interface Outcome {
  attacks: Attack[];
  /** Cells by status. */
  statuses: Record<string, number>;
  violations: string[];
  /** The last words of the run, if there are violations. */
  said: string;
}

/** A cell's time limit. */
const timeoutMs = 8000;
/** How much of a run's output is kept if something was wrong, in characters. */
const saidLength = 1000;
/** A run that takes longer counts as hanging. */
const runMs = 240_000;

/** Starts a run as a user would, attacks its processes, and judges the result. */
export async function attackedRun({ browsers, scenarios, repeat, signals, random }: Plan): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'webrtc-interop-chaos-'));
  const out = join(folder, 'run');
  const args = ['run', '--browsers', browsers.join(), '--scenarios', scenarios.join()];
  args.push('--repeat', String(repeat), '--timeout', String(timeoutMs), '--jobs', '2', '--out', out);
  const cli = execa('node', [join(packageRoot, 'harness/cli/bin.js'), ...args], {
    cwd: packageRoot,
    env: { TMPDIR: folder },
    reject: false,
    all: true,
    timeout: runMs,
    forceKillAfterDelay: 5000,
  });
  try {
    const over = new AbortController();
    const ended = cli.finally(() => over.abort());
    const attacks = await attack(folder, signals, random, over.signal);
    const { exitCode, all, timedOut } = await ended;
    const statuses: Record<string, number> = {};
    const outcome = (...found: string[]): Outcome => ({
      attacks,
      statuses,
      violations: found,
      said: found.length === 0 ? '' : all.slice(-saidLength),
    });
    if (timedOut) return outcome(`it hung: no end after ${String(runMs)} ms`);
    const left = await leftOf(folder);
    const results = await readRun(out).catch(() => undefined);
    if (!results) return outcome(...left, `no results, exit ${String(exitCode)}`);
    for (const { status } of results.cells) statuses[status] = (statuses[status] ?? 0) + 1;
    return outcome(...violations(results, attacks, { timeoutMs, exitCode }), ...left);
  } finally {
    cli.kill('SIGKILL');
    await until(async () => (await processesMentioning(folder)).length === 0, { ms: 10_000 });
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Makes the attacks, one after another, as long as the run lasts. */
async function attack(
  folder: string,
  signals: readonly Attack['signal'][],
  random: () => number,
  over: AbortSignal,
): Promise<Attack[]> {
  const attacks: Attack[] = [];
  for (const signal of signals) {
    let target: Target | undefined;
    let at: number;
    do {
      target = await nextTarget(folder, random, over);
      if (!target) return attacks;
      at = Date.now();
    } while (!send(target.pid, signal));
    const stopMs = random() < 0.5 ? null : 500 + random() * 4000;
    let continuedAt: number | null = null;
    if (signal === 'SIGSTOP' && stopMs !== null) {
      await delay(stopMs, undefined, { signal: over }).catch(() => undefined);
      send(target.pid, 'SIGCONT');
      continuedAt = Date.now();
    }
    attacks.push({ at, ...target, signal, continuedAt });
  }
  return attacks;
}

/** The next process to attack, after a random pause; undefined if the run has ended. */
async function nextTarget(
  folder: string,
  random: () => number,
  over: AbortSignal,
): Promise<Target | undefined> {
  for (;;) {
    // mostly soon, as a launch is short, and now and then late in the run
    const pauseMs = 200 + random() ** 2 * 12_000;
    const waited = await delay(pauseMs, true, { signal: over }).catch(() => false);
    if (!waited) return undefined;
    const targets = await targetsOf(folder);
    // The kind first: there are many renderers and one display.
    const kinds = [...new Set(targets.map(({ kind }) => kind))];
    const kind = kinds[Math.floor(random() * kinds.length)];
    const those = targets.filter((target) => target.kind === kind);
    const target = those[Math.floor(random() * those.length)];
    if (target) return target;
  }
}

/** Whether the process still existed. */
function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false; // It ended before the signal.
  }
}

/** Processes and folders that the run left behind. */
async function leftOf(folder: string): Promise<string[]> {
  // The reaper ends a moment after the run.
  await until(async () => (await processesMentioning(folder)).length === 0, { ms: 5000 });
  const processes = (await processesMentioning(folder)).map(
    ({ pid, command }) => `process ${String(pid)} is left: ${command.slice(0, 100)}`,
  );
  // tsx keeps its compiled files in a folder of its own.
  const folders = (await readdir(folder)).filter((name) => name !== 'run' && !name.startsWith('tsx-'));
  return [...processes, ...folders.map((name) => `folder ${name} is left`)];
}
