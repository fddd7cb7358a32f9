import type { Command } from 'commander';
import { join } from 'node:path';
import pc from 'picocolors';
import type { BrowserSpec, DrivenSpec } from '../config/browser-spec.ts';
import { withoutCredentials } from '../config/endpoint.ts';
import { readSideScripts } from '../config/scripts.ts';
import {
  areApart,
  bisect,
  saysSomething,
  sideOf,
  stepsFor,
  type Found,
  type Side,
} from '../compare/bisect.ts';
import { renamed } from '../compare/between.ts';
import { HarnessError, IncompleteError, messageOf } from '../errors.ts';
import { isCanary, repeated } from '../matrix/plan.ts';
import { plain } from '../plain.ts';
import { standingText } from '../report/comparison-text.ts';
import { writeReports } from '../report/index.ts';
import { cellName } from '../results/cell-name.ts';
import { readExpectations } from '../results/expectations.ts';
import type { StoredRun } from '../results/read-run.ts';
import type { Cell } from '../results/schema.ts';
import { standingOf, type Standing } from '../results/standing.ts';
import { run } from '../run/run.ts';
import { installRelease, ReleaseError } from '../setup/install-release.ts';
import { endsOf, parseCell, searched, versionsBetween, withSide, type NamedCell } from './bisect-plan.ts';
import { endInTime } from './end-in-time.ts';
import { exitCodes } from './exit-codes.ts';
import { onInterrupt } from './interrupt.ts';
import { browsersOf, openProject } from './project.ts';
import { quote, reproFlags, reproFor } from './repro.ts';
import { printError, printLine, printWarning } from './say.ts';
import { selectOf, type Selection } from './selection.ts';

/** The options of `bisect`, as commander gives them. */
export interface BisectFlags {
  browser?: string;
  good?: string;
  bad?: string;
  versions?: string[];
  browsers?: string[];
  repeat: number;
  timeout: number;
  headed?: boolean;
  inject: string[];
  adapter: string;
  drafts?: boolean;
  expectations: string;
  out?: string;
  config?: string;
}

/** The outcome of the cell in one version. */
interface Look {
  /** The id of the browser in this version. */
  id: string;
  /** The cell in this version. */
  cell: NamedCell;
  standing: Standing;
  stored: StoredRun;
  /** The folder of its run. */
  dir: string;
}

/** A search was interrupted. */
class Interrupted extends HarnessError {}

/** In signatures, each version of the browser has this name, so that equal failures compare equal. */
const anyVersion = 'the-browser';

/** `webrtc-interop bisect`; returns the exit code. */
export async function bisectCommand(named: string, command: Command): Promise<number> {
  const cell = parseCell(named);
  const project = await openProject(command);
  const flags = command.opts<BisectFlags>();
  const configured = flags.browsers ? await browsersOf(project, flags.browsers) : (project.browsers ?? []);
  const { side, base } = searched(cell, flags.browser, [...configured, ...(project.browsers ?? [])]);
  const ends = endsOf(flags, base, configured);
  const others = [cell.offerer, cell.answerer ?? cell.offerer].filter((id) => id !== side);
  const beside = await browsersOf({ browsers: configured }, others);
  const selection = await selectOf(
    project,
    {
      scenarios: [cell.scenario],
      pairs: [`${cell.offerer}:${cell.answerer ?? cell.offerer}`],
      drafts: flags.drafts === true,
      adapter: flags.adapter,
    },
    [...beside, { ...base, id: side }],
  );
  const interrupt = onInterrupt();
  const search = new Search({ cell, side, selection, flags, signal: interrupt.signal });
  try {
    for (const other of beside) await search.install(other);
    const here = { good: await search.install(ends.good), bad: await search.install(ends.bad) };
    const versions = versionsBetween(ends, here);
    const code = await search.among(versions, ends.good);
    endInTime(code);
    return code;
  } catch (error) {
    if (error instanceof Interrupted) return exitCodes.interrupted;
    throw error;
  } finally {
    interrupt.stop();
  }
}

/** Runs one cell in several versions of a browser, each in a run of its own. */
class Search {
  readonly #cell: NamedCell;
  /** The name of the browser in the cell. */
  readonly #side: string;
  readonly #selection: Selection;
  readonly #flags: BisectFlags;
  readonly #signal: AbortSignal;
  readonly #out: string;

  constructor(of: {
    cell: NamedCell;
    side: string;
    selection: Selection;
    flags: BisectFlags;
    signal: AbortSignal;
  }) {
    this.#cell = of.cell;
    this.#side = of.side;
    this.#selection = of.selection;
    this.#flags = of.flags;
    this.#signal = of.signal;
    const now = new Date().toISOString().replaceAll(/[:.]/g, '-');
    this.#out = of.flags.out ?? join('reports', `bisect-${now}`);
  }

  /**
   * Makes sure that a version is installed; says what it does.
   * @returns the version; for a release, as it is once installed
   * @throws {ReleaseError}
   */
  async install(spec: BrowserSpec): Promise<string> {
    const { id, kind, driver, version } = spec;
    if (version === undefined || kind === 'url' || kind === 'command') return '0';
    const wanted = { id, kind, version, ...(driver === undefined ? {} : { driver }) };
    const { release } = await installRelease(wanted, printLine);
    return release.version;
  }

  /**
   * Searches among versions, the oldest first.
   * @param good one of the ends
   * @returns the exit code
   */
  async among(versions: readonly DrivenSpec[], good: DrivenSpec): Promise<number> {
    const isGoodFirst = versions[0]?.id === good.id;
    const looks = new Map<number, Look>();
    const at = (number: number): DrivenSpec => {
      const spec = versions[number];
      if (spec === undefined) throw new Error(`there is no version ${number}`);
      return spec;
    };
    const last = versions.length - 1;
    const steps = stepsFor(versions.length);
    const between = ['nothing between', 'one step between', `about ${steps} steps between`][
      Math.min(steps, 2)
    ];
    printLine(
      `${cellName(this.#cell)}: ${versions.length} versions, ${at(0).id} to ${at(last).id}, ${between}`,
    );
    const [first, end] = [await this.#end(at(0), isGoodFirst), await this.#end(at(last), !isGoodFirst)];
    looks.set(0, first).set(last, end);
    const [whenGood, whenBad] = isGoodFirst ? [first, end] : [end, first];
    if (isNotReproduced(whenGood, whenBad)) return exitCodes.unexpected;
    const word = (side: Side): string =>
      side === 'neither' ? 'neither' : (side === 'first') === isGoodFirst ? 'good' : 'bad';
    const found = await bisect(versions.length, async (number) => {
      const look = await this.#lookIfThere(at(number));
      if (look === undefined) return 'neither';
      looks.set(number, look);
      const side = sideOf(look.standing, first.standing, end.standing);
      sayLook(look, word(side));
      return side;
    });
    return this.#conclude(found, versions, looks, isGoodFirst);
  }

  /** An end has to say something. @throws {IncompleteError} `end-not-run` */
  async #end(spec: DrivenSpec, isGood: boolean): Promise<Look> {
    const look = await this.#look(spec);
    sayLook(look, isGood ? '--good' : '--bad');
    if (saysSomething(look.standing)) return look;
    throw new IncompleteError(
      'end-not-run',
      `${spec.id}, an end of the search, says nothing: ${standingText(look.standing)}`,
    );
  }

  /** Undefined, with a message, if there is no such version. */
  async #lookIfThere(spec: DrivenSpec): Promise<Look | undefined> {
    try {
      await this.install(spec);
    } catch (error) {
      if (!(error instanceof ReleaseError) || error.code !== 'no-such-release') throw error;
      printLine(`${pc.bold('neither')}  ${messageOf(error)}`);
      return undefined;
    }
    return this.#look(spec);
  }

  /** The browsers of the cell with the given version of one of them, which loads the same modules. */
  #with(spec: DrivenSpec): BrowserSpec[] {
    const { browsers } = this.#selection;
    const { modules } = browsers.find(({ id }) => id === this.#side) ?? {};
    const others = browsers.filter(({ id }) => id !== this.#side && id !== spec.id);
    return [modules === undefined ? spec : { ...spec, modules }, ...others];
  }

  /** Runs the cell in a version, as `run` does. */
  async #look(spec: DrivenSpec): Promise<Look> {
    if (this.#signal.aborted) throw new Interrupted('interrupted', 'It was interrupted.');
    const { id } = spec;
    const flags = this.#flags;
    const cell = withSide(this.#cell, this.#side, id);
    const browsers = this.#with(spec);
    const { scripts, adapter } = await readSideScripts(flags.inject, flags.adapter);
    const dir = join(this.#out, id);
    const stored = await run(
      {
        ...this.#selection,
        browsers,
        cells: repeated(
          this.#selection.cells.map((planned) => withSide(planned, this.#side, id)),
          flags.repeat,
        ),
        shard: null,
        out: dir,
        latest: null,
        jobs: 'auto',
        retries: 0,
        timeoutMs: flags.timeout,
        headed: flags.headed === true,
        scripts,
        adapter,
        argv: process.argv.slice(2).map(withoutCredentials),
        repro: reproFor(browsers, reproFlags(flags)),
        // a signal of its own, because a run never removes its listeners
        signal: AbortSignal.any([this.#signal]),
      },
      { browserFailed: (_, error) => void printWarning(messageOf(error)) },
    );
    if (this.#signal.aborted) throw new Interrupted('interrupted', 'It was interrupted.');
    const cells: Cell[] = [];
    for await (const one of stored.cells())
      if (!isCanary({ id: one.scenario })) cells.push(renamed(one, id, anyVersion));
    const [one, ...more] = cells;
    if (one === undefined) throw new IncompleteError('cell-missing', `${dir} has no cell of ${id}.`);
    return { id, cell, standing: standingOf([one, ...more]), stored, dir };
  }

  /** Says what was found, and how to see it; returns the exit code. */
  async #conclude(
    { before, after, untold }: Found,
    versions: readonly DrivenSpec[],
    looks: ReadonlyMap<number, Look>,
    isGoodFirst: boolean,
  ): Promise<number> {
    const [was, is] = [looks.get(before), looks.get(after)];
    if (was === undefined || is === undefined) throw new Error('the search ended where it had not looked');
    const [old, now] = isGoodFirst ? ['good', 'bad'] : ['bad', 'good'];
    const names = untold.map((number) => versions[number]?.id ?? '');
    const sentence =
      untold.length === 0
        ? `${is.id} is the first version that is ${now}; ${was.id} is the last that is ${old}.`
        : `It changed after ${was.id}, which is ${old}, and not later than ${is.id}, which is ${now}. ${names.join(', ')} between ${names.length === 1 ? 'is' : 'are'} neither, so that it cannot be said where.`;
    printLine(`\n${pc.bold(sentence)}`);
    for (const [look, word] of [
      [was, old],
      [is, now],
    ] as const)
      await this.#sayHowToSee(look, word ?? '');
    printLine(
      `\nwhat is different: npx webrtc-interop diff ${quote(was.dir)} ${quote(is.dir)} --between ${quote(`${was.id},${is.id}`)}`,
    );
    return untold.length === 0 ? exitCodes.ok : exitCodes.incomplete;
  }

  async #sayHowToSee(look: Look, word: string): Promise<void> {
    const { browsers } = look.stored.header;
    const expectations = await readExpectations(this.#flags.expectations, browsers);
    const problems = await writeReports(look.stored, look.dir, ['html'], { expectations });
    for (const problem of problems) printWarning(problem);
    const [cell] = look.standing.cells;
    printLine(`\n${word}: ${cellName(look.cell)}: ${shown(look)}`);
    printLine(`  see it: npx webrtc-interop show ${quote(look.dir)}`);
    printLine(`  repeat: ${cell.repro}`);
  }
}

/** The outcome of a version in words, under the version's own name. */
const shown = ({ standing, id }: Look): string =>
  plain(standingText(standing)).replaceAll(anyVersion, () => id);

/** A line for a version. */
function sayLook(look: Look, word: string): void {
  const browser = look.stored.header.browsers.find(({ id }) => id === look.id);
  const version = browser === undefined ? '' : ` (${browser.product} ${browser.version})`;
  printLine(`${pc.bold(word.padEnd(7))}  ${look.id}${version}: ${shown(look)}`);
}

/** Whether the ends do not differ in the way the user says; if so, says what to do. */
function isNotReproduced(good: Look, bad: Look): boolean {
  const not = (message: string): boolean => {
    printError(new HarnessError('not-reproduced', message));
    return true;
  };
  if (!areApart(good.standing, bad.standing))
    return not(
      `${good.id} and ${bad.id} come to the same, so nothing changed between them: ${shown(bad)}. Name other ends, or run the cell more often: --repeat 10.`,
    );
  if (bad.standing.outcome === 'pass')
    return not(`${bad.id} is good and ${good.id} is not: change places of --good and --bad.`);
  if (good.standing.outcome === 'flaky')
    return not(`${good.id} is not good, but ${shown(good)}. Name another version by --good.`);
  if (bad.standing.outcome === 'flaky')
    printWarning(
      `${bad.id} fails now and then only: a version that passes ${good.standing.cells.length} times may fail all the same. --repeat makes that less likely.`,
    );
  return false;
}
