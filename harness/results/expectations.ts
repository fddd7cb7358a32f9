import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import picomatch from 'picomatch';
import { z } from 'zod';
import { messageOf, UsageError } from '../errors.ts';
import type { Baseline } from './baseline.ts';
import { KnownBrowsers, type NamedBrowser } from './known-browsers.ts';
import { Lacks, lackSchema, type Lack } from './lacks.ts';
import type { CellOutline } from './outline.ts';
import type { BrowserResult, Cell } from './schema.ts';
import { parseJson, validate } from './validate.ts';
import { browserPattern, sidePattern, type BrowserPattern } from './version-range.ts';

const side = z
  .string()
  .regex(
    sidePattern,
    'a browser, then bounds of its version, each behind one space, as in "gecko >=153 <158"',
  )
  .default('*')
  .describe('A browser by its id, kind or engine; * for any. Versions may follow: "firefox <158".');

const expectation = z.strictObject({
  scenarios: z.string().describe('A scenario id, or a glob over ids.'),
  offerer: side.describe('The offerer, or the one browser of a single scenario.'),
  answerer: side,
  status: z.enum(['fail', 'timeout', 'crash']),
  says: z
    .string()
    .min(1)
    .describe("Text in the cell's signature: another failure of the cell is unexpected."),
  why: z.string().min(1).describe('What the browser does, for people.'),
  sometimes: z
    .literal(true)
    .optional()
    .describe('The browser fails so now and then only: a run without the failure says nothing against it.'),
  bug: z.url().optional().describe("Where the browser's makers know of it."),
});

/** A known failure: the cell keeps its status, and does not make a run fail. */
export type Expectation = z.infer<typeof expectation>;

export const expectationFile = z.strictObject({
  expectations: z.array(expectation),
  lacks: z.array(lackSchema).default([]),
});

/** What an expectation file holds. */
export type ExpectationFile = z.infer<typeof expectationFile>;

/** What is known about the browsers in which the scenarios of this package fail. */
export const ownExpectations = fileURLToPath(new URL('../../specs/expectations.json', import.meta.url));

/** How a run is judged, apart from what is known. */
export interface Judging {
  /** An expectation that no longer holds is as unexpected as a failure that is not known. */
  strict?: boolean;
  /** A pass that needed a retry is unexpected. */
  failOnFlaky?: boolean;
}

type Judged = Pick<Cell, 'scenario' | 'offerer' | 'answerer' | 'status' | 'signature'>;

interface Held {
  expectation: Expectation;
  matches: (scenario: string) => boolean;
  offerer: BrowserPattern;
  answerer: BrowserPattern;
}

/** What is known about failures and what browsers lack, applied to the cells of a run: a view, which changes no outcome. */
export class Expectations {
  readonly #file: ExpectationFile;
  readonly #all: readonly Held[];
  readonly #browsers: KnownBrowsers;
  readonly #lacks: Lacks;
  readonly #judging: Judging;
  readonly #baseline: Baseline | undefined;
  /** Expectations derived from the baseline, so that cells with the same failure share one. */
  readonly #asBefore = new Map<string, Expectation>();

  constructor(
    { expectations, lacks }: { expectations: readonly Expectation[]; lacks?: readonly Lack[] },
    browsers: readonly NamedBrowser[],
    judging: Judging = {},
    baseline?: Baseline,
  ) {
    this.#file = { expectations: [...expectations], lacks: [...(lacks ?? [])] };
    this.#all = expectations.map((each) => ({
      expectation: each,
      matches: picomatch(each.scenarios),
      offerer: browserPattern(each.offerer),
      answerer: browserPattern(each.answerer),
    }));
    this.#browsers = new KnownBrowsers(browsers);
    this.#lacks = new Lacks(this.#file.lacks, this.#browsers);
    this.#judging = judging;
    this.#baseline = baseline;
  }

  /**
   * The same, with an earlier run: what failed in the same way there is known; what passed there and fails or is unsupported
   * now is unexpected, unless a failure is known to come `sometimes`.
   */
  against(baseline: Baseline, browsers: readonly NamedBrowser[]): Expectations {
    return new Expectations(this.#file, browsers, this.#judging, baseline);
  }

  /** Learns version and engine of a browser that has started; until then it is in no range of versions. */
  learn(started: Pick<BrowserResult, 'id' | 'version' | 'engine'>): void {
    this.#browsers.learn(started);
  }

  /** The earlier run that this is compared with, if any. */
  get baseline(): Baseline | undefined {
    return this.#baseline;
  }

  /** Whether a pass that needed a retry is unexpected. */
  get failsOnFlaky(): boolean {
    return this.#judging.failOnFlaky === true;
  }

  /** The expectation that a cell's failure meets, if any; one derived from the baseline if that failed in the same way. */
  of(cell: Judged): Expectation | undefined {
    const inFile = this.#inFile(cell);
    const before = this.#baseline?.of(cell);
    if (inFile && (before?.outcome !== 'pass' || inFile.sometimes === true)) return inFile;
    return before?.failures.has(cell.signature ?? '') === true ? this.#likeBefore(cell) : undefined;
  }

  /** What is known about any of these cells' failures: what the file says takes precedence over the baseline. */
  ofAny(cells: readonly Judged[]): Expectation | undefined {
    const known = cells.flatMap((cell) => this.of(cell) ?? []);
    const inFile = new Set(cells.map((cell) => this.#inFile(cell)));
    return known.find((each) => inFile.has(each)) ?? known[0];
  }

  /** What is known about a cell's failure, if anything: the cause, or the failure itself if only the baseline has it. */
  causeOf(cell: Judged): string | undefined {
    const known = this.of(cell);
    return known === this.#inFile(cell) ? known?.why : known?.says;
  }

  /** Why an unsupported cell is unexpected: it ran in the baseline, or its browsers are not known to lack what they lack. */
  lost(cell: Pick<Cell, 'scenario' | 'offerer' | 'answerer' | 'status' | 'reason'>): string | undefined {
    if (cell.status !== 'unsupported') return undefined;
    const before = this.#baseline?.of(cell);
    if (before === undefined) return this.#lacks.unexplained(cell);
    if (before.outcome === 'unsupported') return undefined;
    return `it was ${before.cells.at(-1)?.status ?? before.outcome} in ${this.#baseline?.name ?? ''}`;
  }

  /** The expectations that say something about a cell, whatever its outcome. */
  about(cell: Pick<Cell, 'scenario' | 'offerer' | 'answerer'>): Expectation[] {
    return this.#all.filter((held) => this.#isAbout(held, cell)).map(({ expectation }) => expectation);
  }

  /** Whether a cell is known to end in a timeout, which uses up all of its time. */
  isToTimeOut({ scenario, offerer, answerer }: Pick<Cell, 'scenario' | 'offerer' | 'answerer'>): boolean {
    return this.#all.some(
      (held) =>
        held.expectation.status === 'timeout' &&
        held.matches(scenario) &&
        this.#browsers.isNamed(held.offerer, offerer) &&
        this.#browsers.isNamed(held.answerer, answerer),
    );
  }

  /** Those about a cell that passed, which no cell met: they can be removed from the file. */
  unmet(cells: readonly CellOutline[]): Expectation[] {
    return this.#all
      .filter((held) => {
        if (held.expectation.sometimes === true) return false;
        const about = cells.filter((cell) => this.#isAbout(held, cell));
        return (
          about.some(({ status }) => status === 'pass') && !about.some((cell) => this.#meets(held, cell))
        );
      })
      .map(({ expectation: each }) => each);
  }

  /** How many of those count as unexpected because they no longer hold: none unless judging is strict. */
  outdated(cells: readonly CellOutline[]): number {
    return this.#judging.strict === true ? this.unmet(cells).length : 0;
  }

  #inFile(cell: Judged): Expectation | undefined {
    return this.#all.find((held) => this.#meets(held, cell))?.expectation;
  }

  #meets(held: Held, cell: Judged): boolean {
    const { status, says } = held.expectation;
    return cell.status === status && cell.signature?.includes(says) === true && this.#isAbout(held, cell);
  }

  #isAbout(
    held: Held,
    { scenario, offerer, answerer }: Pick<Cell, 'scenario' | 'offerer' | 'answerer'>,
  ): boolean {
    return (
      held.matches(scenario) &&
      this.#browsers.isMeant(held.offerer, offerer) &&
      this.#browsers.isMeant(held.answerer, answerer)
    );
  }

  /** An error is the harness's own, and so never known. */
  #likeBefore({ scenario, status, signature }: Judged): Expectation | undefined {
    if ((status !== 'fail' && status !== 'timeout' && status !== 'crash') || signature === null)
      return undefined;
    const key = JSON.stringify([scenario, signature]);
    const why = `It failed so in ${this.#baseline?.name ?? ''}.`;
    const known = this.#asBefore.get(key) ?? {
      scenarios: scenario,
      offerer: '*',
      answerer: '*',
      status,
      says: signature,
      why,
    };
    this.#asBefore.set(key, known);
    return known;
  }
}

/** Nothing is known: every failure is unexpected. */
export const noExpectations = new Expectations({ expectations: [] }, []);

/**
 * Reads an expectation file; `none` stands for no file.
 * @throws {UsageError} if it cannot be read or does not follow the format
 */
export async function readExpectationFile(path: string): Promise<ExpectationFile> {
  if (path === 'none') return { expectations: [], lacks: [] };
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(
      'no-expectations',
      `Cannot read ${path}: ${messageOf(error)}. Name an expectation file with --expectations, or none.`,
      { cause: error },
    );
  }
  return validate(expectationFile, parseJson(text, path), path);
}

/** The same, applied to the browsers of a run. @throws {UsageError} */
export async function readExpectations(
  path: string,
  browsers: readonly NamedBrowser[],
  judging: Judging = {},
): Promise<Expectations> {
  return new Expectations(await readExpectationFile(path), browsers, judging);
}
