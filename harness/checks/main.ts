import { execa } from 'execa';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { packageRoot } from '../run/environment.ts';
import { defaultKinds, install } from '../setup/install.ts';

/**
 * `npm test`: everything that has to hold, the cheap first. Each stage runs whatever became of those before it, so
 * that one run says all; the sum is the last line.
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
const countsSchema = z.object({ passed: z.number(), failed: z.number(), skipped: z.number() });
const playwrightSchema = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), skipped: z.number(), flaky: z.number() }),
});

/** Runs a local binary; its output goes to the terminal as it comes. */
const bin = (name: string, args: readonly string[], env: Record<string, string> = {}) =>
  execa(name, args, { cwd: packageRoot, preferLocal: true, stdio: 'inherit', reject: false, env });

/** A tool that says yes or no counts as one check. */
async function tool(name: string, ...args: string[]): Promise<Counts> {
  const { exitCode } = await bin(name, args);
  return exitCode === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** A runner that ended with an error but counts no failure has failed all the same. */
const judged = (counts: Counts, exitCode: number | undefined): Counts =>
  exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;

async function mocha(config: string): Promise<Counts> {
  const file = join(scratch, `${config}.json`);
  const args = ['--config', config, '--reporter', 'harness/checks/counting-reporter.cjs'];
  const { exitCode } = await bin('mocha', args, { WEBRTC_INTEROP_COUNTS: file });
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
  const { failed } = await install([...defaultKinds()], (line) => process.stdout.write(`${line}\n`));
  return { passed: failed.length === 0 ? 1 : 0, failed: failed.length, skipped: 0 };
}

const stages: readonly Stage[] = [
  { name: 'types of the harness', run: () => tool('tsc', '-p', '.') },
  { name: 'types of the peer page', run: () => tool('tsc', '-p', 'fixtures/peer-page') },
  { name: 'types of the specs', run: () => tool('tsc', '-p', 'specs') },
  { name: 'lint', run: () => tool('oxlint', '--type-aware') },
  { name: 'format', run: () => tool('prettier', '--check', '--log-level', 'warn', '.') },
  { name: 'units', run: () => mocha('.mocharc.unit.json') },
  { name: 'browsers', run: browsers },
  { name: 'pages in real browsers', run: pages },
  { name: 'real browsers against each other', run: () => mocha('.mocharc.e2e.json') },
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
