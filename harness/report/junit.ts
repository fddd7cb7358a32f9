import { join } from 'node:path';
import { plainLines } from '../plain.ts';
import { noExpectations, type Expectations } from '../results/expectations.ts';
import type { CellOutline, RunOutline } from '../results/outline.ts';
import { isUnexpected } from '../results/totals.ts';
import { writePartsAtomically } from '../results/write-atomically.ts';
import type { OpenReport } from './index.ts';
import { areasOf, pairName, type AreaView } from './matrix.ts';
import { repeatsOf } from './repeats.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/** Text as it may stand in an attribute or between tags: without what XML 1.0 cannot hold, harmless in a build's log. */
const xml = (text: string): string =>
  plainLines(text)
    .replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD')
    .replaceAll(/[&<>"\n\t]/g, (character) => entities[character] ?? '');

type Counts = Record<'tests' | 'failures' | 'errors' | 'skipped', number>;
type Verdict = 'failure' | 'error' | 'skipped' | null;

function verdictOf(cell: CellOutline, expectations: Expectations, isCanary: boolean): Verdict {
  if (cell.status === 'notrun' || (cell.status === 'error' && !isCanary)) return 'error';
  if (isUnexpected(cell, expectations)) return 'failure';
  return !isCanary && cell.status !== 'pass' ? 'skipped' : null;
}

const isCanaryArea = ({ name }: Pick<AreaView, 'name'>): boolean => name === 'canary';

function countsOf(areas: readonly AreaView[], expectations: Expectations): Counts {
  const counts = { tests: 0, failures: 0, errors: 0, skipped: 0 };
  for (const area of areas) {
    for (const cell of area.cells) {
      counts.tests += 1;
      const verdict = verdictOf(cell, expectations, isCanaryArea(area));
      if (verdict === 'failure') counts.failures += 1;
      if (verdict === 'error') counts.errors += 1;
      if (verdict === 'skipped') counts.skipped += 1;
    }
  }
  return counts;
}

const countsText = (counts: Counts): string =>
  Object.entries(counts)
    .map(([name, count]) => ` ${name}="${String(count)}"`)
    .join('');

/** Why a cell is no pass, as an element. What is known says what is known. */
function elementOf(cell: CellOutline, verdict: Exclude<Verdict, null>, expectations: Expectations): string {
  const cause = `${cell.status}: ${cell.reason?.message ?? 'not as it must be'}`;
  const known = expectations.of(cell);
  const message = known === undefined ? cause : `known: ${known.why} (${cause})`;
  const type = cell.phase === null ? cell.status : `${cell.status}@${cell.phase}`;
  return `      <${verdict} message="${xml(message)}"${verdict === 'skipped' ? '' : ` type="${xml(type)}"`}/>\n`;
}

/** One cell: what came of it, and what a reader needs to go on, cause and command. */
function testCase(cell: CellOutline, repeat: number, expectations: Expectations, isCanary: boolean): string {
  const name = `${cell.scenario}: ${pairName(cell)}${repeat > 1 ? ` #${repeat}` : ''}`;
  const verdict = verdictOf(cell, expectations, isCanary);
  const open =
    `    <testcase classname="${xml(cell.scenario.replaceAll('/', '.'))}" name="${xml(name)}"` +
    ` time="${String(Math.round(cell.durationMs) / 1000)}"`;
  if (verdict === null) return `${open}/>\n`;
  const cause = cell.reason === null ? [] : [`${cell.reason.code}: ${cell.reason.message}`];
  const output =
    verdict === 'skipped' && cell.status === 'unsupported'
      ? ''
      : `      <system-out>${xml([...cause, cell.repro].join('\n'))}</system-out>\n`;
  return `${open}>\n${elementOf(cell, verdict, expectations)}${output}    </testcase>\n`;
}

/** The parts of `junit.xml`, one after another. */
function* partsOf(run: RunOutline, expectations: Expectations): Generator<string> {
  const areas = areasOf(run);
  const repeats = repeatsOf(run.cells);
  yield `<?xml version="1.0" encoding="UTF-8"?>\n`;
  yield `<testsuites name="${xml(`webrtc-interop ${run.run.id}`)}"${countsText(countsOf(areas, expectations))}>\n`;
  for (const area of areas) {
    const counts = countsText(countsOf([area], expectations));
    yield `  <testsuite name="${xml(area.name)}" timestamp="${xml(run.run.startedAt)}"${counts}>\n`;
    for (const cell of area.cells)
      yield testCase(cell, repeats.get(cell) ?? 1, expectations, isCanaryArea(area));
    yield '  </testsuite>\n';
  }
  yield '</testsuites>\n';
}

/**
 * `junit.xml`: a suite an area, a test case a cell. fail, timeout and crash are failures, error and notrun are
 * errors, unsupported, skipped and known failures are skipped, with the reason; a canary counts as passed when it came
 * out as it must.
 */
export const junitOf = (run: RunOutline, expectations: Expectations = noExpectations): string =>
  [...partsOf(run, expectations)].join('');

export const open: OpenReport = async ({ dir, expectations }) => ({
  end: (run) => writePartsAtomically(join(dir, 'junit.xml'), partsOf(run, expectations)),
});
