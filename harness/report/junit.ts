import { join } from 'node:path';
import { create, type XMLElement } from 'xmlbuilder';
import { plainLines } from '../plain.ts';
import { noExpectations, type Expectation, type Expectations } from '../results/expectations.ts';
import { areaOf } from '../results/cell-key.ts';
import type { CellOutline, RunOutline } from '../results/outline.ts';
import type { ScenarioResult } from '../results/schema.ts';
import { writePartsAtomically } from '../results/write-atomically.ts';
import { ciOutcomeOf, earlierAttempts, reasonText, type CiOutcome } from './ci-outcome.ts';
import { pairName } from '../results/pair-name.ts';
import { repeatsOf } from './repeats.ts';
import type { Reporter } from './reporter.ts';
import { noCall, Tests, whyFor } from './tests.ts';

/** Text without what XML 1.0 cannot hold, and harmless where a build's log shows it. */
const xmlText = (text: string): string => plainLines(text).replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD');

/** What a reader of the XML needs to go on: cause and command. */
function outputOf({ reason, repro }: CellOutline): string {
  const cause = reason === null ? [] : [`${reason.code}: ${reason.message}`];
  return xmlText([...cause, repro].join('\n'));
}

const typeOf = ({ status, phase }: Pick<CellOutline, 'status' | 'phase'>): string =>
  phase === null ? status : `${status}@${phase}`;

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

function addProperties(list: XMLElement, properties: Readonly<Record<string, string | undefined>>): void {
  const given = Object.entries(properties).filter(([, value]) => value !== undefined);
  for (const [name, value = ''] of given)
    list.element('property', { name: xmlText(name), value: xmlText(value) });
}

/** What tells cells apart besides their names, as properties, which CI systems show, group and search by. */
const propertiesOf = (
  cell: CellOutline,
  scenario: ScenarioResult | undefined,
  known: Expectation | undefined,
) => ({
  offerer: cell.offerer,
  answerer: cell.answerer ?? undefined,
  status: cell.status,
  phase: cell.phase ?? undefined,
  level: scenario?.level,
  flaky: cell.flaky ? 'true' : undefined,
  bug: known?.bug,
});

/** The attempts before the last as Maven Surefire writes them: by these names, Jenkins tells flaky from failing. */
function addAttempts(to: XMLElement, cell: CellOutline, { kind }: CiOutcome): void {
  for (const attempt of earlierAttempts(cell)) {
    to.element(kind === 'passed' ? 'flakyFailure' : 'rerunFailure', {
      message: xmlText(reasonText(attempt)),
      type: typeOf(attempt),
    });
  }
}

const elementNames = { failed: 'failure', broken: 'error', skipped: 'skipped' } as const;

function addOutcome(to: XMLElement, cell: CellOutline, { kind, why }: CiOutcome): void {
  if (kind === 'passed') return;
  const message = xmlText(why ?? '');
  to.element(elementNames[kind], kind === 'skipped' ? { message } : { message, type: typeOf(cell) });
}

/** The document in which elements are made: one for each of a hundred thousand would fill the memory. */
const workshop = create('report', { headless: true });

const elementOf = (name: string, attributes: Readonly<Record<string, string | number>> = {}): XMLElement =>
  workshop.element(name, attributes);

/** An element with its content, on one line. */
function whole(element: XMLElement): string {
  const text = element.toString();
  element.remove();
  return text;
}

/** The beginning of an element, which other elements follow. */
const begun = (element: XMLElement): string => whole(element).replace(/\/>$/, '>');

type Counts = Record<'tests' | 'failures' | 'errors' | 'skipped' | 'time', number>;

const countsIn = (cells: readonly CellOutline[], expectations: Expectations): Counts => {
  const counts = { tests: cells.length, failures: 0, errors: 0, skipped: 0, time: 0 };
  for (const cell of cells) {
    const { kind } = ciOutcomeOf(cell, expectations);
    if (kind === 'failed') counts.failures += 1;
    if (kind === 'broken') counts.errors += 1;
    if (kind === 'skipped') counts.skipped += 1;
    counts.time += cell.durationMs;
  }
  return counts;
};

const attributesOf = (counts: Counts): Record<string, string | number> => ({
  ...counts,
  time: seconds(counts.time),
});

/** The parts of `junit.xml` one after another: with a hundred thousand cells it would not fit into memory as a tree. */
export function* junitParts(
  { run, browsers, scenarios, cells: all }: RunOutline,
  expectations: Expectations = noExpectations,
): Generator<string> {
  const tests = new Tests(all, expectations);
  const listed = all.filter((cell) => tests.cellsOf(cell) > 0);
  const areas = new Map<string, CellOutline[]>();
  for (const cell of listed) {
    const area = areaOf(cell.scenario);
    const cells = areas.get(area);
    if (cells) cells.push(cell);
    else areas.set(area, [cell]);
  }
  const declared = new Map(scenarios.map((scenario) => [scenario.id, scenario]));
  const repeats = repeatsOf(all);
  const name = xmlText(`webrtc-interop ${run.id}`);
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `${begun(elementOf('testsuites', { name, ...attributesOf(countsIn(listed, expectations)) }))}\n`;
  for (const [area, cells] of areas) {
    const counts = attributesOf(countsIn(cells, expectations));
    yield `${begun(elementOf('testsuite', { name: xmlText(area), timestamp: run.startedAt, ...counts }))}\n`;
    const about = elementOf('properties');
    addProperties(about, {
      ...Object.fromEntries(
        browsers.map(({ id, product, version }) => [`browser.${id}`, `${product} ${version}`]),
      ),
      os: `${run.environment.os} ${run.environment.osVersion} ${run.environment.arch}`,
      'webrtc-interop': run.harness.version,
      commit: run.harness.commit ?? undefined,
    });
    yield `${whole(about)}\n`;
    for (const cell of cells) {
      const outcome = ciOutcomeOf(cell, expectations);
      const repeat = repeats.get(cell) ?? 1;
      const of = tests.cellsOf(cell);
      const test = elementOf('testcase', {
        classname: xmlText(of > 1 ? 'pair' : cell.scenario.replaceAll('/', '.')),
        name: xmlText(
          `${of > 1 ? noCall : cell.scenario}: ${pairName(cell)}${repeat > 1 ? ` #${repeat}` : ''}`,
        ),
        time: seconds(cell.durationMs),
      });
      addProperties(
        test.element('properties'),
        propertiesOf(cell, of > 1 ? undefined : declared.get(cell.scenario), expectations.of(cell)),
      );
      addOutcome(test, cell, { ...outcome, why: whyFor(outcome.why, of) });
      addAttempts(test, cell, outcome);
      // For what is unsupported, its `skipped` says everything.
      if (cell.status !== 'pass' && !(outcome.kind === 'skipped' && cell.status === 'unsupported'))
        test.element('system-out').text(outputOf(cell));
      yield `${whole(test)}\n`;
    }
    yield '</testsuite>\n';
  }
  yield '</testsuites>\n';
}

/**
 * `junit.xml`: one suite per area, one test case per cell. What is unexpected is a failure; an error of the harness and a
 * cell that was not reached are errors; what is unsupported, left out or a known failure is skipped, with why. A pair that
 * cannot connect is one test case. A canary counts as passed if it came out as it must.
 */
export const junitOf = (run: RunOutline, expectations?: Expectations): string =>
  [...junitParts(run, expectations)].join('');

export const write: Reporter['write'] = ({ run, dir, expectations }) =>
  writePartsAtomically(join(dir, 'junit.xml'), junitParts(run, expectations));
