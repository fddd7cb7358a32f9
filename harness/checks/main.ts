import { execa } from 'execa';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pc from 'picocolors';
import { z } from 'zod';
import { killHard, listProcesses, withDescendants } from '../drivers/processes.ts';
import { messageOf } from '../errors.ts';
import { packageRoot } from '../run/environment.ts';
import { defaultBrowsers, install } from '../setup/install.ts';
import { allFiles, changedFiles, closuresOf, isAlone, reachedBy, type Reached } from './changed.ts';

/**
 * `npm test`: all checks and tests, the cheap ones first. Each stage runs whatever the outcome of those before it, so
 * that one run tells everything; the last line is the sum. `npm test -- --changed` runs what the uncommitted change may
 * have broken (or the last commit, if there is none), `--changed=REV` what may have broken since REV.
 */
interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

interface Stage {
  name: string;
  run: () => Promise<Counts>;
}

const scratch = await mkdtemp(join(tmpdir(), 'webrtc-interop-checks-'));
const none: Counts = { passed: 0, failed: 0, skipped: 0 };
const configSchema = z.object({
  timeout: z.number(),
  'node-option': z.array(z.string()),
  jobs: z.number().optional(),
});
const countsSchema = z.object({ passed: z.number(), failed: z.number(), skipped: z.number() });
const playwrightSchema = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), skipped: z.number(), flaky: z.number() }),
});

/** Runs a local binary; its output goes to the terminal as it comes. `end` ends it early, and finds its children too. */
const bin = (name: string, args: readonly string[], env: Record<string, string> = {}) =>
  execa(name, args, {
    cwd: packageRoot,
    preferLocal: true,
    stdio: 'inherit',
    reject: false,
    cleanup: false,
    env,
  });

/** A tool that passes or fails counts as one check. */
async function tool(name: string, ...args: string[]): Promise<Counts> {
  const { exitCode } = await bin(name, args);
  return exitCode === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** A runner that ended with an error but counts no failure has failed all the same. */
const judged = (counts: Counts, exitCode: number | undefined): Counts =>
  exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;

/** @param files run instead of all that the configuration names; an empty list runs nothing */
async function mocha(
  config: string,
  files: readonly string[] | undefined,
  env: Record<string, string> = {},
): Promise<Counts> {
  if (files?.length === 0) return none;
  const file = join(scratch, `${config}.json`);
  const args = ['--reporter', 'harness/checks/counting-reporter.cjs'];
  if (files) {
    // a file named besides a configuration is run in addition to those that it names, not instead of them
    const used = configSchema.parse(JSON.parse(await readFile(join(packageRoot, config), 'utf8')));
    args.push('--no-config', '--timeout', String(used.timeout));
    args.push(...used['node-option'].flatMap((option) => ['--node-option', option]), ...files);
    if (used.jobs !== undefined && files.length > 1) args.push('--parallel', '--jobs', String(used.jobs));
  } else args.push('--config', config);
  const { exitCode } = await bin('mocha', args, { WEBRTC_INTEROP_COUNTS: file, ...env });
  return judged(countsSchema.parse(JSON.parse(await readFile(file, 'utf8'))), exitCode);
}

async function pages(): Promise<Counts> {
  const file = join(scratch, 'pages.json');
  const { exitCode } = await bin('playwright', ['test', '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  });
  const { stats } = playwrightSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  // a page test that needed a second try is a defect of the page or of the test
  return judged(
    { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped },
    exitCode,
  );
}

async function browsers(): Promise<Counts> {
  const { failed } = await install(defaultBrowsers(), (line) => process.stdout.write(`${line}\n`));
  return { passed: failed.length === 0 ? 1 : 0, failed: failed.length, skipped: 0 };
}

/** What has to be run, or undefined for everything. */
async function askedFor(): Promise<Reached | undefined> {
  const args = process.argv.slice(2).map((arg) => (arg === '--changed' ? '--changed=' : arg));
  const { values } = parseArgs({ args, options: { changed: { type: 'string' } } });
  if (values.changed === undefined) return undefined;
  const [changed, all] = await Promise.all([changedFiles(values.changed), allFiles()]);
  const reached = reachedBy(changed, all, await closuresOf(all));
  process.stdout.write(
    `${String(changed.length)} changed files reach ${String(reached.units.length)} unit tests, ${reached.pages ? '' : 'not '}the pages, ${String(reached.browsers.length)} tests on browsers and ${String(reached.faults.length)} files of faults\n`,
  );
  return reached;
}

/** Ends this process and the stage under way: mocha leaves its own child behind when it is ended. */
async function end(code: number): Promise<never> {
  for (const { pid } of withDescendants(await listProcesses(), [process.pid]))
    if (pid !== process.pid) killHard(pid);
  await rm(scratch, { recursive: true, force: true });
  process.exit(code);
}
process.once('SIGINT', () => void end(130));
process.once('SIGTERM', () => void end(130));
process.once('SIGHUP', () => void end(130));
// `npm test` was killed
process.once('disconnect', () => void end(130));
process.channel?.unref();

let only: Reached | undefined;
try {
  only = await askedFor();
} catch (error) {
  process.stderr.write(
    `${messageOf(error)}\nUse npm test, npm test -- --changed, or npm test -- --changed=REVISION.\n`,
  );
  process.exit(2);
}
const needsBrowsers = only === undefined || only.pages || only.browsers.length > 0;
const chosenFaults: Record<string, string> = only ? { WEBRTC_INTEROP_FAULTS: only.faults.join(',') } : {};

const stages: readonly Stage[] = [
  { name: 'types of the harness', run: () => tool('tsc', '-p', '.') },
  { name: 'types of the peer page', run: () => tool('tsc', '-p', 'fixtures/peer-page') },
  { name: 'types of the specs', run: () => tool('tsc', '-p', 'specs') },
  { name: 'lint', run: () => tool('oxlint', '--type-aware') },
  { name: 'format', run: () => tool('prettier', '--check', '--log-level', 'warn', '.') },
  { name: 'units', run: () => mocha('.mocharc.unit.json', only?.units) },
  { name: 'browsers', run: () => (needsBrowsers ? browsers() : Promise.resolve(none)) },
  { name: 'pages in real browsers', run: () => (only?.pages === false ? Promise.resolve(none) : pages()) },
  {
    name: 'real browsers, three files at a time',
    run: () =>
      mocha(
        '.mocharc.e2e.json',
        only?.browsers.filter((path) => !isAlone(path)),
      ),
  },
  {
    name: 'real browsers, one file at a time',
    run: () => mocha('.mocharc.alone.json', only?.browsers.filter(isAlone), chosenFaults),
  },
];

const sum: Counts = { passed: 0, failed: 0, skipped: 0 };
const lines: string[] = [];
for (const { name, run } of stages) {
  process.stdout.write(`\n${pc.bold(`— ${name}`)}\n`);
  const began = performance.now();
  let counts: Counts;
  try {
    counts = await run();
  } catch (error) {
    process.stdout.write(`${pc.red(messageOf(error))}\n`);
    counts = { passed: 0, failed: 1, skipped: 0 };
  }
  sum.passed += counts.passed;
  sum.failed += counts.failed;
  sum.skipped += counts.skipped;
  const took = `${((performance.now() - began) / 1000).toFixed(1)} s`;
  const outcome = `${String(counts.passed)} passed, ${String(counts.failed)} failed`;
  lines.push(`${counts.failed === 0 ? pc.green('✓') : pc.red('✗')} ${name}: ${outcome}, ${took}`);
}
await rm(scratch, { recursive: true, force: true });
const skipped = sum.skipped === 0 ? '' : `, ${String(sum.skipped)} skipped`;
process.stdout.write(
  `\n${lines.join('\n')}\n\n${String(sum.passed)} passed, ${String(sum.failed)} failed${skipped}\n`,
);
process.exitCode = sum.failed === 0 ? 0 : 1;
