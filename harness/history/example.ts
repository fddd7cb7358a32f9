import { browser, runOf } from '../compare/example.ts';
import { hostile } from '../report/example.ts';
import { Scrubber } from '../report/scrub.ts';
import { noExpectations, type Expectations } from '../results/expectations.ts';
import type { Cell, Results } from '../results/schema.ts';
import { signatureOf } from '../results/signature.ts';
import { encodeRun, type EncodedRun } from './encode-run.ts';
import { HistoryRun } from './history-run.ts';

export interface ExampleRun {
  /** Its day of November 2026; its id is `day-<this>`. */
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

/** The same as a site returns it. */
export function historyDay(cells: readonly Cell[], about: ExampleRun): HistoryRun {
  const { entry, data, scenarios } = encodedDay(cells, about);
  return new HistoryRun(entry, data, scenarios);
}

const passed = { status: 'pass', phase: null, reason: null, signature: null, flaky: false } as const;

/** A cell that failed in this way. */
function failing(one: Cell, status: 'fail' | 'timeout', message: string): Cell {
  const outcome = {
    status,
    phase: status === 'fail' ? 'assert' : 'ice',
    reason: { code: status === 'fail' ? 'assertion' : 'wait-timeout', message, peer: 'answerer' },
  } as const;
  return { ...one, ...outcome, flaky: false, signature: signatureOf(outcome) };
}

/**
 * Runs of ten days with two labels, with the cells of `harness/report/example.ts`, hostile text included. In `stable`,
 * Firefox goes from 153.7 to 154.0 on day 6, which fixes the trickled candidates and breaks Opus; VP8 fails only on day 3
 * and on day 8; nothing else changes. In `nightly`, the canvas is broken from day 5 on.
 */
export function exampleHistory(results: Results): EncodedRun[] {
  const firefoxOf = { stable: ['153.7.0', '154.0'], nightly: ['155.0a1', '156.0a1'] } as const;
  return Array.from({ length: 20 }, (_, at): EncodedRun => {
    const day = 1 + Math.floor(at / 2);
    const label = at % 2 === 0 ? 'stable' : 'nightly';
    const isLater = day >= 6;
    const cells = results.cells.map((one): Cell => {
      const pair = `${one.offerer}>${String(one.answerer)}`;
      if (
        one.scenario === 'connection/trickle/off' &&
        one.offerer === 'firefox' &&
        one.answerer !== 'webkitgtk'
      )
        return isLater
          ? { ...one, ...passed, checks: [{ name: 'it connects', ok: true, expected: true, actual: true }] }
          : one;
      if (pair !== 'firefox>chromium' && pair !== 'chromium>firefox') return one;
      if (
        one.scenario === 'codecs/audio/opus' &&
        pair === 'chromium>firefox' &&
        isLater &&
        label === 'stable'
      )
        return failing(one, 'fail', 'expected a tone of 440 Hz, but heard nothing');
      if (one.scenario === 'codecs/video/vp8' && pair === 'firefox>chromium' && (day === 3 || day === 8))
        return failing(one, 'timeout', `Waited 15000 ms for a frame ${hostile}`);
      if (one.scenario === 'dom-capture/canvas/2d-captured-and-received' && label === 'nightly' && day >= 5)
        return failing(one, 'fail', 'expected the canvas to be shown, but it was black');
      return one;
    });
    const version = firefoxOf[label][isLater ? 1 : 0];
    const startedAt = `2026-11-${two(day)}T03:17:00.000Z`;
    const browsers = results.browsers.map((each) =>
      each.id === 'firefox' ? { ...each, product: 'Firefox', version } : each,
    );
    const run = { ...results.run, id: `${label}-${String(day)}`, startedAt };
    return encodeRun(
      { ...results, run, browsers, cells },
      {
        label,
        expectations: noExpectations,
        scrubber: new Scrubber({ hostName: '', userName: '' }),
        compat: null,
      },
    );
  });
}
