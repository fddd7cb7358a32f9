import { browser, runOf } from '../compare/example.ts';
import { Scrubber } from '../report/scrub.ts';
import { noExpectations, type Expectations } from '../results/expectations.ts';
import type { Cell, Results } from '../results/schema.ts';
import { encodeRun, type EncodedRun } from './encode-run.ts';
import { HistoryRun } from './history-run.ts';

export interface ExampleRun {
  /** The day of November 2026 that it is of; its id is `day-<this>`. */
  day: number;
  firefox?: string;
  chromium?: string;
  label?: string;
  complete?: boolean;
  scenarioVersions?: Record<string, number>;
  expectations?: Expectations;
}

const two = (number: number): string => String(number).padStart(2, '0');

/** A run of these cells in Chromium and Firefox, on a day. */
export function resultsOfDay(cells: readonly Cell[], about: ExampleRun): Results {
  const {
    day,
    firefox = '153.7.0',
    chromium = '156.0.8078.79',
    complete = true,
    scenarioVersions = {},
  } = about;
  const results = runOf(cells, {
    versions: scenarioVersions,
    browsers: [browser('chromium', chromium), browser('firefox', firefox, 'firefox')],
  });
  const startedAt = `2026-11-${two(day)}T03:17:00.000Z`;
  return { ...results, run: { ...results.run, id: `day-${String(day)}`, startedAt, complete } };
}

/** The same in the form of a site. */
export const encodedDay = (cells: readonly Cell[], about: ExampleRun): EncodedRun =>
  encodeRun(resultsOfDay(cells, about), {
    label: about.label ?? '',
    expectations: about.expectations ?? noExpectations,
    scrubber: new Scrubber({ hostName: 'localhost', userName: 'root' }),
    compat: null,
  });

/** The same as a site gives it back. */
export function historyDay(cells: readonly Cell[], about: ExampleRun): HistoryRun {
  const { entry, data, scenarios } = encodedDay(cells, about);
  return new HistoryRun(entry, data, scenarios);
}
