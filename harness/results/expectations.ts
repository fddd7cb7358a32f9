import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import picomatch from 'picomatch';
import { z } from 'zod';
import { factsOf, isBrowserKind } from '../config/browsers.ts';
import { messageOf, UsageError } from '../errors.ts';
import type { BrowserResult, Cell } from './schema.ts';
import { parseJson, validate } from './validate.ts';

const side = z.string().default('*').describe('A browser by its id, kind or engine; * for any.');

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

/** A failure that is known: the cell stays what it is, and does not make a run fail. */
export type Expectation = z.infer<typeof expectation>;

export const expectationFile = z.strictObject({ expectations: z.array(expectation) });

/** What is known of the browsers that the scenarios of this package fail in. */
export const ownExpectations = fileURLToPath(new URL('../../specs/expectations.json', import.meta.url));

type Named = Pick<BrowserResult, 'id' | 'kind'> & Partial<Pick<BrowserResult, 'engine'>>;

/** The engine of a kind; a kind that results of a later version name is its own. */
const engineOf = (kind: string): string => (isBrowserKind(kind) ? factsOf(kind).engine : kind);

/** Known failures, held against the cells of a run. No outcome is changed by them: they are a view of it. */
export class Expectations {
  readonly #all: readonly { expectation: Expectation; matches: (scenario: string) => boolean }[];
  readonly #names: Map<string, readonly string[]>;
  /** Whether one that holds no longer is as unexpected as a failure that is not known. */
  readonly #strict: boolean;

  constructor(all: readonly Expectation[], browsers: readonly Named[], { strict = false } = {}) {
    this.#strict = strict;
    this.#all = all.map((each) => ({ expectation: each, matches: picomatch(each.scenarios) }));
    this.#names = new Map(browsers.map(({ id, kind, engine = engineOf(kind) }) => [id, [id, kind, engine]]));
  }

  /** Takes in which engine a browser has, where its kind does not tell: a device says what it is when it comes. */
  learn(id: string, engine: BrowserResult['engine']): void {
    const names = this.#names.get(id);
    if (names?.includes(engine) === false) this.#names.set(id, [...names, engine]);
  }

  /** The expectation that a cell's failure meets, if any. */
  of(
    cell: Pick<Cell, 'scenario' | 'offerer' | 'answerer' | 'status' | 'signature'>,
  ): Expectation | undefined {
    return this.#all.find(
      ({ expectation: each, matches }) =>
        cell.status === each.status &&
        cell.signature?.includes(each.says) === true &&
        matches(cell.scenario) &&
        this.#isPair(each, cell),
    )?.expectation;
  }

  /** Whether a cell is known to end in a timeout, which takes all of its time. */
  isToTimeOut(cell: Pick<Cell, 'scenario' | 'offerer' | 'answerer'>): boolean {
    return this.#all.some(
      ({ expectation: each, matches }) =>
        each.status === 'timeout' && matches(cell.scenario) && this.#isPair(each, cell),
    );
  }

  /** Those that were looked at, in a cell that passed, and that no cell met: they can be taken out of the file. */
  unmet(cells: readonly Cell[]): Expectation[] {
    return this.#all
      .filter(({ expectation: each, matches }) => {
        if (each.sometimes === true) return false;
        const about = cells.filter((cell) => matches(cell.scenario) && this.#isPair(each, cell));
        return about.some(({ status }) => status === 'pass') && !about.some((cell) => this.of(cell) === each);
      })
      .map(({ expectation: each }) => each);
  }

  /** How many of those count as unexpected because they hold no longer: none unless it is strict. */
  outdated(cells: readonly Cell[]): number {
    return this.#strict ? this.unmet(cells).length : 0;
  }

  #isPair({ offerer, answerer }: Expectation, cell: Pick<Cell, 'offerer' | 'answerer'>): boolean {
    return this.#isSide(offerer, cell.offerer) && this.#isSide(answerer, cell.answerer);
  }

  #isSide(wanted: string, id: string | null): boolean {
    if (wanted === '*') return true;
    return id !== null && (this.#names.get(id) ?? [id]).includes(wanted);
  }
}

/** Nothing is known: every failure is unexpected. */
export const noExpectations = new Expectations([], []);

/**
 * Reads an expectation file; `none` stands for no file.
 * @throws {UsageError} where it cannot be read or does not follow the format
 */
export async function readExpectations(
  path: string,
  browsers: readonly Named[],
  how: { strict?: boolean } = {},
): Promise<Expectations> {
  if (path === 'none') return noExpectations;
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
  return new Expectations(validate(expectationFile, parseJson(text, path), path).expectations, browsers, how);
}
