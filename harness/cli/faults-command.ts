import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import PQueue from 'p-queue';
import pc from 'picocolors';
import { withoutCredentials } from '../config/endpoint.ts';
import { doesNotLoad, type LoadModule } from '../config/module-loader.ts';
import { readSideScripts } from '../config/scripts.ts';
import { UsageError } from '../errors.ts';
import { declaredFaults, type DeclaredFault } from '../matrix/fault.ts';
import { cellsOf, checkPairs, checkScenarios, isPair, pairsOf, selectScenarios } from '../matrix/plan.ts';
import type { Pair, PlannedCell } from '../matrix/plan.ts';
import type { Scenario } from '../matrix/scenario.ts';
import { faultScript } from '../mutants/fault-script.ts';
import { pairName } from '../results/pair-name.ts';
import type { Cell } from '../results/schema.ts';
import { openRun } from '../run/run.ts';
import { exitCodes } from './exit-codes.ts';
import { faultVerdict, type FaultVerdict } from './fault-verdict.ts';
import { onInterrupt } from './interrupt.ts';
import { browsersOf, openProject, scenariosOf } from './project.ts';
import { defaultTimeoutMs } from './repro.ts';
import { printLine, printWarning } from './say.ts';
import { filtersOf, type SelectionFlags } from './selection.ts';

/** The options of `faults`, as commander gives them. */
interface FaultsFlags extends SelectionFlags {
  out?: string;
  jobs: number;
  headed?: boolean;
}

/** One cell to run with a fault. */
interface BrokenCell {
  broken: DeclaredFault;
  cell: PlannedCell;
  /** Whether it must turn red; otherwise it is one that the fault spares. */
  turnsRed: boolean;
}

/** Loads `a/b.faults.ts` for `a/b.spec.ts`, if it exists. */
async function loadFaultFiles(specs: readonly string[], load: LoadModule): Promise<void> {
  for (const spec of specs) {
    const file = spec.replace(/(?:\.spec)?(\.[cm]?[jt]s)$/, '.faults$1');
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (file === spec || !isThere) continue;
    try {
      await load(file);
    } catch (error) {
      throw doesNotLoad('faults-do-not-load', file, error);
    }
  }
}

/** `webrtc-interop faults`; returns the exit code. */
export async function faultsCommand(command: Command): Promise<number> {
  const project = await openProject(command);
  const flags = command.opts<FaultsFlags>();
  const { scenarios, own, files } = await scenariosOf(project);
  await loadFaultFiles(files, project.load);
  const filters = filtersOf(flags);
  checkScenarios(scenarios, filters);
  const mine = selectScenarios(scenarios, filters).filter(({ result }) => own.has(result.id));
  const faults = faultsOf(mine, scenarios);
  const browsers = await browsersOf(project, flags.browsers);
  const ids = browsers.map(({ id }) => id);
  checkPairs(ids, filters);
  // a fault shows in any pair; more pairs have to be asked for
  const wanted =
    command.getOptionValueSource('pairs') === 'cli'
      ? filters.pairs
      : ids.slice(0, 1).map((id) => `${id}:${id}`);
  const pairs = pairsOf(ids).filter((pair) => wanted.some((text) => isPair(text, pair)));
  const cells = faults.flatMap((broken) => brokenCells(broken, pairs, scenarios, ids));
  const out = flags.out ?? join('reports', `faults-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`);
  const { scripts, adapter } = await readSideScripts([], 'none');
  const interrupt = onInterrupt();
  const opened = await openRun({
    browsers,
    scenarios,
    cells: cells.map(({ cell }) => cell),
    shard: null,
    out,
    latest: null,
    jobs: flags.jobs,
    retries: 0,
    timeoutMs: defaultTimeoutMs,
    headed: flags.headed === true,
    scripts,
    adapter,
    argv: process.argv.slice(2).map(withoutCredentials),
    repro: ({ scenario }) => `npx webrtc-interop faults --scenarios ${scenario}`,
    signal: interrupt.signal,
  });
  const verdicts: FaultVerdict[] = [];
  try {
    const queue = new PQueue({ concurrency: flags.jobs });
    await Promise.all(
      cells.map(({ broken, cell, turnsRed }) =>
        queue.add(async () => {
          const came = await opened.session.runCell(cell, await variationOf(broken));
          const verdict = faultVerdict(came, turnsRed ? broken.expect : null);
          verdicts.push(verdict);
          say(broken, came, verdict);
        }),
      ),
    );
    await opened.finish();
  } finally {
    await opened.close();
    interrupt.stop();
  }
  const broken = new Set(faults.map(({ scenario }) => scenario));
  const without = mine.map(({ result }) => result.id).filter((id) => !broken.has(id));
  if (without.length > 0)
    printWarning(`without a fault, so that nobody has seen them red: ${without.join(', ')}`);
  const wrong = verdicts.filter(({ isDue }) => !isDue).length;
  printLine(
    `${String(verdicts.length - wrong)} of ${String(verdicts.length)} as they must be; evidence: ${out}`,
  );
  if (interrupt.signal.aborted) return exitCodes.interrupted;
  if (verdicts.some(({ wasRun }) => !wasRun)) return exitCodes.incomplete;
  return wrong > 0 ? exitCodes.unexpected : exitCodes.ok;
}

/** @throws {UsageError} `unknown-scenario` for a fault that names an unknown scenario, `no-fault` if none is left */
function faultsOf(mine: readonly Scenario[], all: readonly Scenario[]): DeclaredFault[] {
  const known = new Set(all.map(({ result }) => result.id));
  const selected = new Set(mine.map(({ result }) => result.id));
  for (const { scenario, name, spares = [] } of declaredFaults()) {
    const unknown = [scenario, ...spares].find((id) => !known.has(id));
    if (unknown !== undefined) {
      throw new UsageError(
        'unknown-scenario',
        `The fault "${name}" names "${unknown}", which is no scenario here.`,
      );
    }
  }
  const faults = declaredFaults().filter(({ scenario }) => selected.has(scenario));
  if (faults.length > 0) return faults;
  throw new UsageError(
    'no-fault',
    "No scenario of your own that is selected has a fault. Call fault({ … }) of 'webrtc-interop' in its file, or in NAME.faults.ts beside NAME.spec.ts.",
  );
}

function brokenCells(
  broken: DeclaredFault,
  pairs: readonly Pair[],
  scenarios: readonly Scenario[],
  ids: readonly string[],
): BrokenCell[] {
  const { name, pair } = broken;
  const missing = pair?.find((id) => !ids.includes(id));
  if (missing !== undefined) {
    throw new UsageError(
      'unknown-browser',
      `The fault "${name}" needs ${missing}, which is no browser of this run: ${ids.join(', ')}.`,
    );
  }
  const used = pair ? [{ offerer: pair[0], answerer: pair[1] }] : pairs;
  return [broken.scenario, ...(broken.spares ?? [])].flatMap((id, at) =>
    scenarios
      .filter(({ result }) => result.id === id)
      .flatMap((scenario) => cellsOf(scenario, used))
      .map((cell) => ({ broken, cell, turnsRed: at === 0 })),
  );
}

async function variationOf(broken: DeclaredFault) {
  const { on, timeoutMs = 5000 } = broken;
  const script = await faultScript(broken);
  return {
    timeoutMs,
    scripts: {
      ...(on === 'answerer' ? {} : { offerer: [script] }),
      ...(on === 'answerer' || on === 'both' ? { answerer: [script] } : {}),
    },
  };
}

function say({ name }: DeclaredFault, cell: Cell, { isDue, came, due }: FaultVerdict): void {
  const what = `${cell.scenario} ${pairName(cell)}, where ${name}: ${came}`;
  printLine(isDue ? `${pc.green('✓')} ${what}` : `${pc.red('✗')} ${what}\n  it must be ${due}`);
}
