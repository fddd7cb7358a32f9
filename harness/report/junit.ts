import { join } from 'node:path';
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

const escapes = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\t': '&#9;',
} as const;
const isEscaped = (character: string): character is keyof typeof escapes => character in escapes;
const escaped = (text: string, characters: RegExp): string =>
  text.replaceAll(characters, (character) => (isEscaped(character) ? escapes[character] : character));

/** Text without what XML 1.0 cannot hold, and harmless where a build's log shows it. */
const xmlText = (text: string): string => plainLines(text).replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD');

/** A start tag without its end; attributes that are undefined are left out. */
const tag = (name: string, attributes: Readonly<Record<string, string | number | undefined>> = {}): string =>
  Object.entries(attributes).reduce(
    (all, [key, value]) =>
      value === undefined ? all : `${all} ${key}="${escaped(xmlText(String(value)), /[&<>"\n\t]/g)}"`,
    `<${name}`,
  );

/** What a reader of the XML needs to go on: cause and command. */
function outputOf({ reason, repro }: CellOutline): string {
  const cause = reason === null ? [] : [`${reason.code}: ${reason.message}`];
  return [...cause, repro].join('\n');
}

const typeOf = ({ status, phase }: Pick<CellOutline, 'status' | 'phase'>): string =>
  phase === null ? status : `${status}@${phase}`;

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** What is known of a suite or of a case, with what CI systems show, group and search by. */
function propertiesText(properties: Readonly<Record<string, string | undefined>>, indent = ''): string {
  const given = Object.entries(properties).filter(([, value]) => value !== undefined);
  const each = given.map(([name, value]) => `${indent}  ${tag('property', { name, value })}/>\n`);
  return `${indent}<properties>\n${each.join('')}${indent}</properties>\n`;
}

/** What tells cells apart beside their names. The command is in the output of what is not a pass. */
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

/** The attempts before the last as Maven Surefire writes them: Jenkins tells flaky from failing by their names. */
function attemptsText(cell: CellOutline, { kind }: CiOutcome): string {
  const name = kind === 'passed' ? 'flakyFailure' : 'rerunFailure';
  return earlierAttempts(cell)
    .map((attempt) => `  ${tag(name, { message: reasonText(attempt), type: typeOf(attempt) })}/>\n`)
    .join('');
}

const elementNames = { failed: 'failure', broken: 'error', skipped: 'skipped' } as const;

function outcomeText(cell: CellOutline, { kind, why }: CiOutcome): string {
  if (kind === 'passed') return '';
  const type = kind === 'skipped' ? undefined : typeOf(cell);
  return `  ${tag(elementNames[kind], { message: why ?? '', type })}/>\n`;
}

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
  const areas = new Map<string, CellOutline[]>();
  for (const cell of all) {
    const area = areaOf(cell.scenario);
    const cells = areas.get(area);
    if (cells) cells.push(cell);
    else areas.set(area, [cell]);
  }
  const declared = new Map(scenarios.map((scenario) => [scenario.id, scenario]));
  const repeats = repeatsOf(all);
  const name = `webrtc-interop ${run.id}`;
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `${tag('testsuites', { name, ...attributesOf(countsIn(all, expectations)) })}>\n`;
  for (const [area, cells] of areas) {
    const counts = attributesOf(countsIn(cells, expectations));
    yield `${tag('testsuite', { name: area, timestamp: run.startedAt, ...counts })}>\n`;
    yield propertiesText({
      ...Object.fromEntries(
        browsers.map(({ id, product, version }) => [`browser.${id}`, `${product} ${version}`]),
      ),
      os: `${run.environment.os} ${run.environment.osVersion} ${run.environment.arch}`,
      'webrtc-interop': run.harness.version,
      commit: run.harness.commit ?? undefined,
    });
    for (const cell of cells) {
      const outcome = ciOutcomeOf(cell, expectations);
      const repeat = repeats.get(cell) ?? 1;
      const test = tag('testcase', {
        classname: cell.scenario.replaceAll('/', '.'),
        name: `${cell.scenario}: ${pairName(cell)}${repeat > 1 ? ` #${repeat}` : ''}`,
        time: seconds(cell.durationMs),
      });
      const output =
        outcome.kind === 'passed' && cell.status === 'pass'
          ? ''
          : `  <system-out>${escaped(xmlText(outputOf(cell)), /[&<>]/g)}</system-out>\n`;
      yield `${test}>\n${propertiesText(
        propertiesOf(cell, declared.get(cell.scenario), expectations.of(cell)),
        '  ',
      )}${outcomeText(cell, outcome)}${attemptsText(cell, outcome)}${output}</testcase>\n`;
    }
    yield '</testsuite>\n';
  }
  yield '</testsuites>\n';
}

/**
 * `junit.xml`: a suite an area, a test case a cell. What is unexpected is a failure; an error of the harness and a cell
 * that was not reached are errors; what is unsupported, left out or a known failure is skipped, with why. A canary counts
 * as passed when it came out as it must.
 */
export const junitOf = (run: RunOutline, expectations?: Expectations): string =>
  [...junitParts(run, expectations)].join('');

export const write: Reporter['write'] = ({ run, dir, expectations }) =>
  writePartsAtomically(join(dir, 'junit.xml'), junitParts(run, expectations));
