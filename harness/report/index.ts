import { messageOf } from '../errors.ts';
import { noExpectations, type Expectations } from '../results/expectations.ts';
import { Outliner, type CellOutline, type RunOutline } from '../results/outline.ts';
import type { Header, StoredRun } from '../results/read-run.ts';
import type { Cell } from '../results/schema.ts';
import { formatNames, type Format } from './formats.ts';

/** Hears of a file that could not be read or written, a sentence; the rest of the report is written. */
export type Say = (problem: string) => void;

/** What a report is made of, beside the cells. */
export interface ReportContext {
  header: Header;
  /** The folder of the run, which the report is written into. */
  dir: string;
  /** What is known of failures. */
  expectations: Expectations;
  say: Say;
}

/** One report under way: it sees each cell once and keeps little of it, so that a run may have any number of them. */
export interface ReportWriter {
  /** Takes the next cell, in the order of the results. */
  cell?(cell: Cell): Promise<void>;
  /** Writes what there is to say of the run as a whole. */
  end(run: RunOutline): Promise<void>;
}

/** Begins one report of a run, from the results and the evidence in its folder alone. */
export type OpenReport = (context: ReportContext) => Promise<ReportWriter>;

/** Each format's libraries are loaded when it is written only. */
const formats = {
  html: () => import('./html/write.ts'),
  summary: () => import('./summary.ts'),
  junit: () => import('./junit.ts'),
  allure: () => import('./allure.ts'),
  files: () => import('./files.ts'),
} as const satisfies Record<Format, () => Promise<{ open: OpenReport }>>;

/** What came of writing reports. */
export interface Written {
  /** The run without what was checked, measured and kept. */
  outline: RunOutline;
  /** What could not be read or written, a sentence each. */
  problems: string[];
}

/**
 * Writes reports into the folder of a run, over earlier ones, in one pass over its cells. Nothing is written through a
 * link: what is in the way is replaced. A file that cannot be read or written costs itself alone.
 */
export async function writeReports(
  stored: StoredRun,
  dir: string,
  names: readonly Format[] = formatNames,
  expectations: Expectations = noExpectations,
): Promise<Written> {
  const problems = new Set<string>();
  const say: Say = (problem) => void problems.add(problem);
  const { header } = stored;
  const writers = new Map<Format, ReportWriter>();
  /** One report's failure is its own. */
  const attempt = async (name: Format, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      writers.delete(name);
      say(`The report ${name} is not written: ${messageOf(error)}`);
    }
  };
  for (const name of names)
    await attempt(name, async () => {
      const { open } = await formats[name]();
      writers.set(name, await open({ header, dir, expectations, say }));
    });
  const outliner = new Outliner();
  const cells: CellOutline[] = [];
  for await (const cell of stored.cells()) {
    cells.push(outliner.of(cell));
    for (const [name, writer] of writers)
      if (writer.cell) await attempt(name, async () => writer.cell?.(cell));
  }
  const { run, ...rest } = header;
  const outline = { ...rest, run: { ...run, complete: run.complete && stored.isWhole() }, cells };
  for (const [name, writer] of writers) await attempt(name, () => writer.end(outline));
  return { outline, problems: [...problems] };
}
