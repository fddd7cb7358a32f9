import { join } from 'node:path';
import { create, type XMLElement } from 'xmlbuilder';
import { plainLines } from '../plain.ts';
import { noExpectations, type Expectation, type Expectations } from '../results/expectations.ts';
import type { Cell, Results, ScenarioResult } from '../results/schema.ts';
import { writeAtomically } from '../results/write-atomically.ts';
import { ciOutcomeOf, earlierAttempts, reasonText, type CiOutcome } from './ci-outcome.ts';
import { areasOf, pairName } from './matrix.ts';
import { repeatsOf } from './repeats.ts';
import type { Reporter } from './reporter.ts';

/** Text without what XML 1.0 cannot hold, and harmless where a build's log shows it. */
const xmlText = (text: string): string => plainLines(text).replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD');

/** What a reader of the XML needs to go on: cause, command, files (in the form that Jenkins and GitLab link). */
function outputOf({ reason, repro, evidence }: Cell): string {
  const pictures = evidence
    .filter(({ kind }) => kind === 'screenshot')
    .map(({ path }) => `[[ATTACHMENT|${path}]]`);
  const cause = reason === null ? [] : [`${reason.code}: ${reason.message}`];
  return xmlText([...cause, repro, ...pictures].join('\n'));
}

const typeOf = ({ status, phase }: Pick<Cell, 'status' | 'phase'>): string =>
  phase === null ? status : `${status}@${phase}`;

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

function addProperties(to: XMLElement, properties: Readonly<Record<string, string | undefined>>): void {
  const given = Object.entries(properties).filter(([, value]) => value !== undefined);
  if (given.length === 0) return;
  const list = to.element('properties');
  for (const [name, value = ''] of given)
    list.element('property', { name: xmlText(name), value: xmlText(value) });
}

/** What tells cells apart, as properties, which CI systems show, group and search by. */
const propertiesOf = (cell: Cell, scenario: ScenarioResult | undefined, known: Expectation | undefined) => ({
  scenario: cell.scenario,
  offerer: cell.offerer,
  answerer: cell.answerer ?? undefined,
  status: cell.status,
  phase: cell.phase ?? undefined,
  level: scenario?.level,
  flaky: cell.flaky ? 'true' : undefined,
  bug: known?.bug,
  command: cell.repro,
});

/** The attempts before the last as Maven Surefire writes them: Jenkins tells flaky from failing by their names. */
function addAttempts(to: XMLElement, cell: Cell, { kind }: CiOutcome): void {
  for (const attempt of earlierAttempts(cell)) {
    to.element(kind === 'passed' ? 'flakyFailure' : 'rerunFailure', {
      message: xmlText(reasonText(attempt)),
      type: typeOf(attempt),
    });
  }
}

const elementNames = { failed: 'failure', broken: 'error', skipped: 'skipped' } as const;

function addOutcome(to: XMLElement, cell: Cell, { kind, why }: CiOutcome): void {
  if (kind === 'passed') return;
  const message = xmlText(why ?? '');
  to.element(elementNames[kind], kind === 'skipped' ? { message } : { message, type: typeOf(cell) });
}

/**
 * `junit.xml`: a suite an area, a test case a cell. What is unexpected is a failure; an error of the harness and a cell
 * that was not reached are errors; what is unsupported, left out or a known failure is skipped, with why. A canary counts
 * as passed when it came out as it must.
 */
export function junitOf(results: Results, expectations: Expectations = noExpectations): string {
  const { run, browsers } = results;
  const all = results.cells.map((cell) => ciOutcomeOf(cell, expectations));
  const outcomes = new Map(results.cells.map((cell, at) => [cell, all[at]]));
  const counts = (cells: readonly Cell[]): Record<string, number | string> => {
    const of = (kind: CiOutcome['kind']): number =>
      cells.filter((cell) => outcomes.get(cell)?.kind === kind).length;
    const time = seconds(cells.reduce((sum, { durationMs }) => sum + durationMs, 0));
    return {
      tests: cells.length,
      failures: of('failed'),
      errors: of('broken'),
      skipped: of('skipped'),
      time,
    };
  };
  const root = create('testsuites', { encoding: 'UTF-8' });
  root.att({ name: xmlText(`webrtc-interop ${run.id}`), ...counts(results.cells) });
  const repeats = repeatsOf(results.cells);
  for (const { name, cells, scenarios } of areasOf(results)) {
    const suite = root.element('testsuite', {
      name: xmlText(name),
      timestamp: run.startedAt,
      ...counts(cells),
    });
    addProperties(suite, {
      ...Object.fromEntries(
        browsers.map(({ id, product, version }) => [`browser.${id}`, `${product} ${version}`]),
      ),
      os: `${run.environment.os} ${run.environment.osVersion} ${run.environment.arch}`,
      'webrtc-interop': run.harness.version,
      commit: run.harness.commit ?? undefined,
    });
    const declared = new Map(scenarios.map((view) => [view.id, view.declared]));
    for (const cell of cells) {
      const outcome = outcomes.get(cell) ?? ciOutcomeOf(cell, expectations);
      const repeat = repeats.get(cell) ?? 1;
      const test = suite.element('testcase', {
        classname: xmlText(cell.scenario.replaceAll('/', '.')),
        name: xmlText(`${cell.scenario}: ${pairName(cell)}${repeat > 1 ? ` #${repeat}` : ''}`),
        time: seconds(cell.durationMs),
      });
      addProperties(test, propertiesOf(cell, declared.get(cell.scenario), expectations.of(cell)));
      addOutcome(test, cell, outcome);
      addAttempts(test, cell, outcome);
      if (outcome.kind !== 'passed' || cell.status !== 'pass')
        test.element('system-out').text(outputOf(cell));
    }
  }
  return root.end({ pretty: true });
}

export const write: Reporter['write'] = ({ results, dir, expectations }) =>
  writeAtomically(join(dir, 'junit.xml'), junitOf(results, expectations));
