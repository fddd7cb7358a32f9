import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import type { SideScripts } from '../config/scripts.ts';
import type { Script } from '../config/script.ts';
import { withoutCredentials } from '../config/endpoint.ts';
import { withoutSecrets } from '../config/secrets.ts';
import { publishedAdapters } from '../peers/adapter-builds.ts';
import type { PlannedScript, RunPlan } from '../results/plan-file.ts';
import { readRun } from '../results/read-run.ts';
import {
  differentFlags,
  differentHarness,
  differentlyNamed,
  differentScenarios,
  differentScripts,
  resumeDiffers,
} from '../results/same-run.ts';
import { openStopped, type StoppedRun } from '../results/stopped-run.ts';
import { exitCodeOf } from '../results/totals.ts';
import { jsonIn, validate } from '../results/validate.ts';
import { verdictOf } from '../report/verdict.ts';
import { environment, harnessVersion } from '../run/environment.ts';
import type { Modules } from '../run/modules.ts';
import { judgeBy } from './judging.ts';
import { filesAndImports, ownFiles, textPart, type Part } from './made-of.ts';
import { browserText } from './repro.ts';
import type { RunFlags } from './run-command.ts';
import { printLine, printWarning } from './say.ts';
import type { Selection } from './selection.ts';

/** The flags of a run without the one that resumes it. */
type OwnFlags = Omit<RunFlags, 'resume'>;

const list = z.array(z.string());

const flagsSchema = z.object({
  config: z.string().exactOptional(),
  browsers: list.exactOptional(),
  pairs: list.exactOptional(),
  areas: list.exactOptional(),
  scenarios: list.exactOptional(),
  grep: z.string().exactOptional(),
  drafts: z.boolean().exactOptional(),
  shard: z.object({ index: z.number(), total: z.number() }).exactOptional(),
  out: z.string().exactOptional(),
  jobs: z.union([z.number().int().positive(), z.literal('auto')]),
  retries: z.number().int().nonnegative(),
  repeat: z.number().int().positive(),
  timeout: z.number().int().positive(),
  headed: z.boolean().exactOptional(),
  inject: list,
  module: list.exactOptional(),
  adapter: z.string(),
  expectations: z.string(),
  strict: z.boolean().exactOptional(),
  baseline: z.string().exactOptional(),
  failOnFlaky: z.boolean().exactOptional(),
  format: list,
  lastFailed: z.union([z.string(), z.literal(true)]).exactOptional(),
  install: z.boolean().exactOptional(),
} satisfies Record<keyof OwnFlags, z.ZodType>);

/** Flags that may be given again when a run is resumed: they say how fast it goes and how it is shown, not what it is. */
const givenAnew: readonly string[] = [
  'resume',
  'jobs',
  'format',
  'expectations',
  'baseline',
  'failOnFlaky',
  'install',
];

/**
 * Opens an interrupted run, and gives a command the flags that the run had.
 * @throws {UsageError} `resume-differs` if a flag that was given is not that of the run; see `openStopped`
 */
export async function resume(folder: string, command: Command): Promise<StoppedRun> {
  const stopped = await openStopped(folder, printWarning);
  try {
    const { flags: stored, browsers } = stopped.plan;
    const own = validate(flagsSchema, stored, `${join(stopped.dir, 'plan.json')}, flags,`);
    const flags = command.opts<Record<string, unknown>>();
    const given = Object.keys(flags).filter((name) => command.getOptionValueSource(name) === 'cli');
    const differ = differentFlags(
      { ...own },
      shownFlags(flags),
      given.filter((name) => !givenAnew.includes(name)),
    );
    if (differ.length > 0) throw resumeDiffers(differ);
    // Columns that differ only in their modules are one browser, which --module turns into columns again.
    const named = [...new Set(browsers.map(({ text }) => text))];
    const held: Record<string, unknown> = { ...own, browsers: named };
    for (const name of Object.keys(flagsSchema.shape)) {
      if (given.includes(name) && givenAnew.includes(name)) continue;
      // as if given on the command line, so that the configuration does not override it
      command.setOptionValueWithSource(name, held[name], 'cli');
    }
    return stopped;
  } catch (error) {
    await stopped.release();
    throw error;
  }
}

/** Flags without the credentials in them. */
const shownFlags = (flags: Record<string, unknown>): Record<string, unknown> => ({
  ...flags,
  ...(Array.isArray(flags['browsers'])
    ? { browsers: flags['browsers'].map((text) => withoutCredentials(String(text))) }
    : {}),
});

/** What a run is to do, for its `plan.json`. */
export async function planOf(
  flags: RunFlags,
  selection: Pick<
    Selection,
    'browsers' | 'cells' | 'files' | 'pages' | 'services' | 'signaling' | 'scenarios'
  >,
  { scripts, adapter, modules }: { scripts: SideScripts; adapter: Script; modules: Pick<Modules, 'bundles'> },
): Promise<RunPlan> {
  const { browsers, cells, files } = selection;
  const script =
    (use: string) =>
    ({ name, source }: Script): PlannedScript => ({ use, ...textPart(name, source) });
  const part = (one: Part): PlannedScript => ({ use: 'the run', ...one });
  const { resume: _resume, ...own } = flags;
  return {
    cells,
    // as it is read back from JSON
    browsers: browsers.map((spec) => ({
      text: browserText(spec),
      spec: jsonIn(JSON.stringify(withoutSecrets(spec))),
    })),
    scripts: [
      ...scripts.offerer.map(script('offerer')),
      ...scripts.answerer.map(script('answerer')),
      ...[adapter, ...(await publishedAdapters())].map(script('scenarios about adapter')),
      ...modules.bundles.map(script('scenarios')),
      ...[configured(selection), await ownFiles(), ...(await filesAndImports(files))].map(part),
    ],
    flags: shownFlags(own),
    latest: flags.out === undefined,
  };
}

/** The parts of the configuration that no flag can set. */
function configured({
  pages,
  services,
  signaling,
  scenarios,
}: Pick<Selection, 'pages' | 'services' | 'signaling' | 'scenarios'>): Part {
  const impairments = scenarios.map(({ result, signaling: its }) => [result.id, its]);
  const text = JSON.stringify(withoutSecrets([pages, services, signaling, impairments]));
  return textPart('pages, services and signaling', text);
}

/**
 * Compares what the run would be now with what it was.
 * @throws {UsageError} `resume-differs`
 */
export async function checkSame(
  { header, plan }: StoppedRun,
  { scenarios }: Pick<Selection, 'scenarios'>,
  now: Pick<RunPlan, 'browsers' | 'scripts'>,
): Promise<void> {
  const differ = [
    ...differentHarness(header.run, { harness: await harnessVersion(), environment: environment() }),
    ...differentScenarios(
      header.scenarios,
      scenarios.map(({ result }) => result),
    ),
    ...differentlyNamed(plan.browsers, now.browsers),
    ...differentScripts(plan.scripts, now.scripts),
  ];
  if (differ.length > 0) throw resumeDiffers(differ);
}

/** Where the `latest` link is that should point at the resumed run; null if none should. */
export const latestBeside = ({ dir, plan }: StoppedRun): string | null =>
  plan.latest ? join(dirname(dir), 'latest') : null;

/** Says that a run has nothing left to do; returns the exit code that it had. */
export async function sayOver({ dir }: StoppedRun, flags: RunFlags): Promise<number> {
  const results = await readRun(dir, printWarning);
  const { expectations } = await judgeBy(flags, results);
  printLine(`${dir} holds a run that has ended: no cell is left to run.`);
  printLine(verdictOf(results, expectations).sentence);
  return exitCodeOf(results, expectations);
}
