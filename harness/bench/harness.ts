import { execa } from 'execa';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRun } from '../results/read-run.ts';
import type { Results } from '../results/schema.ts';
import { packageRoot } from '../run/environment.ts';

/** A run of the real command line, in a process of its own. */
export interface MeasuredRun {
  results: Results;
  /** From the start of the command to its end, launches and reports included, in milliseconds. */
  tookMs: number;
  /** Peak memory of the harness's own processes together, in bytes, without browsers and their drivers; null if unreadable. */
  memory: number | null;
}

const sampleMs = 1000;

/** @param root the checkout whose command line it is */
export async function measuredRun(
  out: string,
  args: readonly string[],
  root = packageRoot,
): Promise<MeasuredRun> {
  const { tookMs, memory } = await measuredCommand(['run', '--out', out, ...args], root);
  return { results: await readRun(out), tookMs, memory };
}

/** Runs any command of the command line. @throws {Error} if its exit code is 2 or 3 */
export async function measuredCommand(
  args: readonly string[],
  root = packageRoot,
): Promise<Omit<MeasuredRun, 'results'>> {
  const began = performance.now();
  const child = execa(process.execPath, [join(root, 'harness/cli/bin.js'), ...args], {
    reject: false,
    stdout: 'pipe',
    stderr: 'pipe',
  });
  let memory: number | null = null;
  const timer = setInterval(() => {
    ownMemory(child.pid ?? 0).then(
      (bytes) => {
        memory = bytes === null ? memory : Math.max(memory ?? 0, bytes);
      },
      () => undefined, // a process ended between two samples
    );
  }, sampleMs);
  const { exitCode, stderr, stdout } = await child;
  clearInterval(timer);
  if (exitCode === 2 || exitCode === 3)
    throw new Error(`${String(args[0])} ended with ${String(exitCode)}: ${stderr}\n${stdout}`);
  return { tookMs: performance.now() - began, memory };
}

/** Resident memory of a process and of the harness's own processes below it: node, sh, esbuild. Linux only. */
async function ownMemory(root: number): Promise<number | null> {
  if (process.platform !== 'linux') return null;
  const processes = await Promise.all(
    (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map((name) => readProcess(Number(name))),
  );
  const known = processes.filter((each) => each !== undefined);
  const own = new Set([root]);
  for (let grew = true; grew;) {
    const more = known.filter(
      ({ pid, parent, name }) => own.has(parent) && !own.has(pid) && /^(?:node|sh|esbuild)$/.test(name),
    );
    for (const { pid } of more) own.add(pid);
    grew = more.length > 0;
  }
  return known.filter(({ pid }) => own.has(pid)).reduce((sum, { bytes }) => sum + bytes, 0);
}

async function readProcess(pid: number) {
  try {
    const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
    const field = (name: string) => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)?.[1] ?? '';
    return { pid, parent: Number(field('PPid')), name: field('Name'), bytes: Number(field('VmRSS')) * 1024 };
  } catch {
    // it ended between being listed and being read
    return undefined;
  }
}
