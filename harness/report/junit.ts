import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Builder } from 'junit-report-builder';
import { plainLines } from '../plain.ts';
import { noExpectations, type Expectations } from '../results/expectations.ts';
import type { CellOutline, RunOutline } from '../results/outline.ts';
import { isUnexpected } from '../results/totals.ts';
import { writeAtomically } from '../results/write-atomically.ts';
import { areasOf, pairName } from './matrix.ts';
import type { OpenReport } from './index.ts';
import { repeatsOf } from './repeats.ts';

// Its types promise a default export that its CommonJS file does not have.
const junit: Builder = createRequire(import.meta.url)('junit-report-builder');

/** Text without what XML 1.0 cannot hold, and harmless where a build's log shows it. */
const xmlText = (text: string): string => plainLines(text).replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD');

/** What a reader of the XML needs to go on: cause and command. */
function outputOf({ reason, repro }: CellOutline): string {
  const cause = reason === null ? [] : [`${reason.code}: ${reason.message}`];
  // A CDATA section ends at the first ]]>, so that one is broken up.
  return xmlText([...cause, repro].join('\n')).replaceAll(']]>', ']] >');
}

/**
 * `junit.xml`: a suite an area, a test case a cell. fail, timeout and crash are failures, error and notrun are
 * errors, unsupported, skipped and known failures are skipped; a canary counts as passed when it came out as it must.
 */
export function junitOf(results: RunOutline, expectations: Expectations = noExpectations): string {
  const builder = junit.newBuilder().name(xmlText(`webrtc-interop ${results.run.id}`));
  const repeats = repeatsOf(results.cells);
  for (const area of areasOf(results)) {
    const suite = builder.testSuite().name(xmlText(area.name)).timestamp(results.run.startedAt);
    for (const cell of area.cells) {
      const repeat = repeats.get(cell) ?? 1;
      const test = suite
        .testCase()
        .className(xmlText(cell.scenario.replaceAll('/', '.')))
        .name(xmlText(`${cell.scenario}: ${pairName(cell)}${repeat > 1 ? ` #${repeat}` : ''}`))
        .time(cell.durationMs / 1000);
      const message = xmlText(`${cell.status}: ${cell.reason?.message ?? 'not as it must be'}`);
      const type = cell.phase === null ? cell.status : `${cell.status}@${cell.phase}`;
      const isCanary = area.name === 'canary';
      if (cell.status === 'notrun' || (cell.status === 'error' && !isCanary)) test.error(message, type);
      else if (isUnexpected(cell, expectations)) test.failure(message, type);
      else if (!isCanary && cell.status !== 'pass') test.skipped();
      if (cell.status !== 'pass' || isUnexpected(cell, expectations)) test.standardOutput(outputOf(cell));
    }
  }
  return builder.build();
}

export const open: OpenReport = async ({ dir, expectations }) => ({
  end: (run) => writeAtomically(join(dir, 'junit.xml'), junitOf(run, expectations)),
});
