import { Command } from 'commander';
import PQueue from 'p-queue';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mutants } from '../../specs/breakages/catalogue.ts';
import { commaList } from '../config/lists.ts';
import { messageOf, UsageError } from '../errors.ts';
import { loadScenarios } from '../matrix/load.ts';
import { checkScenarios, noFilters, selectScenarios } from '../matrix/plan.ts';
import { writeAtomically } from '../results/write-atomically.ts';
import { packageRoot } from '../run/environment.ts';
import { defaultKinds } from '../setup/install.ts';
import { readKills, withRates, withRecord, writeKills } from './kills.ts';
import { cellId, checkMutants, nextCell, planMutants } from './plan.ts';
import { readRecord, writeRecord, type MutantRecord } from './record.ts';
import { MutantRunner, type BrowserPair } from './runner.ts';
import { tallyKinds, tallyMutants } from './tally.ts';
import { byMutant, byScenario, kindTable } from './text.ts';

/** `npm run mutants`: runs deliberately broken browsers in every scenario that uses what is broken. */
interface Flags {
  areas: string[];
  scenarios: string[];
  mutants: string[];
  pairs: string;
  jobs: number;
  sample: number;
  tries: number;
  untilSeen: boolean;
  seed: number;
  longest: number;
  seconds: number;
  into?: string;
  write: boolean;
  byScenario: boolean;
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const [first = ''] = defaultKinds();

const flags = new Command('mutants')
  .description(
    'Breaks browsers on purpose, in every scenario that uses what is broken, and says who sees it.',
  )
  .option('--areas <names>', 'areas, default all', commaList, [])
  .option('--scenarios <globs>', 'scenarios, default all', commaList, [])
  .option('--mutants <globs>', "breaks, e.g. 'data/*', default all", commaList, [])
  .option('--pairs <a:b>', 'the two browsers', `${first}:${first}`)
  .option('--jobs <n>', 'cells at once', Number, 3)
  .option('--sample <n>', 'cells for each break in which it bites, default all', Number, Infinity)
  .option('--tries <n>', 'cells after which a break is given up', Number, Infinity)
  .option('--until-seen', 'is done with a break when one cell has seen it', false)
  .option('--seed <n>', 'which sample', Number, 1)
  .option('--longest <ms>', 'leaves out scenarios that take an unbroken browser longer', Number, 8000)
  .option('--seconds <n>', 'begins no cell after that time; go on with --into', Number, Infinity)
  .option('--into <file>', 'keeps what came of each cell in a JSON file, and goes on from it')
  .option('--by-scenario', 'says per scenario what it sees, too', false)
  .option(
    '--write',
    'adds what was found to specs/kills.json, and writes its rates into specs/README.md',
    false,
  )
  .parse()
  .opts<Flags>();

const began = performance.now();
const timeIsUp = (): boolean => performance.now() - began > flags.seconds * 1000;

function pairOf(text: string): BrowserPair {
  const [offerer = '', answerer = ''] = text.split(':');
  if (offerer === '' || answerer === '')
    throw new UsageError('bad-pair', `"${text}" is no pair. Write offerer:answerer.`);
  return [offerer, answerer];
}

async function main(): Promise<void> {
  checkMutants(mutants(), flags.mutants);
  const record = await readRecord(flags.into, flags.pairs);
  const filters = { ...noFilters, areas: flags.areas, scenarios: flags.scenarios };
  const all = await loadScenarios(packageRoot);
  checkScenarios(all, filters);
  const scenarios = selectScenarios(all, filters);
  const selected = new Set(scenarios.map(({ result }) => result.id));
  const runner = await MutantRunner.open(scenarios, pairOf(flags.pairs), flags.jobs);
  const queue = new PQueue({ concurrency: flags.jobs });
  // Written as it comes: a run that is cut off loses nothing.
  const keep = async () => {
    if (flags.into !== undefined) await writeRecord(flags.into, record);
  };
  let left = 0;
  const each = async <T>(items: readonly T[], run: (item: T) => Promise<void>) => {
    await Promise.all(
      items.map((item) =>
        queue.add(async () => {
          if (timeIsUp()) left += 1;
          else {
            await run(item);
            await keep();
          }
        }),
      ),
    );
  };
  try {
    const known = new Set([...record.healthy.map(({ scenario }) => scenario), ...record.unhealthy]);
    await each(
      [...selected].filter((id) => !known.has(id)),
      async (id) => {
        const healthy = await runner.survey(id);
        if (healthy) record.healthy.push(healthy);
        else record.unhealthy.push(id);
      },
    );
    if (left === 0) {
      const healthy = record.healthy
        .filter(({ scenario, ms }) => selected.has(scenario) && ms <= flags.longest)
        .toSorted((a, b) => (a.scenario < b.scenario ? -1 : 1));
      const tried = new Map(record.outcomes.map((outcome) => [cellId(outcome), outcome]));
      // one cell of each break in turn: this makes the most of a run that is cut off
      for (let open = planMutants(mutants(), healthy, flags); open.length > 0;) {
        const turn = open.flatMap((plan) => {
          const cell = nextCell(plan, tried, flags);
          return cell ? [{ plan, cell }] : [];
        });
        if (turn.length > 0) say(`${String(turn.length)} cells, one of each break that goes on`);
        await each(turn, async ({ plan, cell }) => {
          const outcome = await runner.mutate(plan.mutant, cell);
          tried.set(cellId(cell), outcome);
          record.outcomes.push(outcome);
        });
        open = left > 0 ? [] : turn.map(({ plan }) => plan);
      }
    }
  } finally {
    await runner.close();
  }
  report(record, left);
  if (flags.write) await writeRates(record);
}

function report({ unhealthy, outcomes, healthy }: MutantRecord, left: number): void {
  const tallies = tallyMutants(mutants(), outcomes);
  const slow = healthy.filter(({ ms }) => ms > flags.longest).map(({ scenario }) => scenario);
  say(byMutant(tallies));
  if (flags.byScenario) say(`\n${byScenario(tallies)}`);
  say(`\n${kindTable(tallyKinds(tallies))}`);
  if (unhealthy.length > 0) say(`not passed by an unbroken browser, so not asked: ${unhealthy.join(', ')}`);
  if (slow.length > 0) say(`left out by --longest: ${slow.join(', ')}`);
  if (left > 0) say(`${String(left)} cells are left: run it again with the same --into`);
}

/** Adds the record to specs/kills.json, and writes the resulting rates into specs/README.md. */
async function writeRates(record: MutantRecord): Promise<void> {
  const kills = withRecord(await readKills(), record);
  await writeKills(kills);
  const path = join(packageRoot, 'specs/README.md');
  await writeAtomically(path, withRates(await readFile(path, 'utf8'), kills));
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 2;
}
