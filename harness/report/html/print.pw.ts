import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@playwright/test';
import { browser, cell, runOf } from '../../compare/example.ts';
import { Baseline } from '../../results/baseline.ts';
import { noExpectations } from '../../results/expectations.ts';
import { inMemory } from '../../results/read-run.ts';
import type { Cell, Results } from '../../results/schema.ts';
import { writeReports } from '../index.ts';

const areas = ['adapter', 'api', 'codecs', 'connection', 'data-channels', 'dom-capture', 'media', 'network'];
const ids = ['chromium', 'firefox'];
const browsers = [browser('chromium', '156.0.8078.79'), browser('firefox', '154.0', 'firefox')];
/** For each kind of news more causes than are listed, and for each cause more cells. */
const causes = 10;
const kinds = ['new', 'lost', 'fixed', 'flaky', 'passed'] as const;
const scenarios = 800;

const failed = (cause: number): Partial<Cell> => ({
  status: 'fail',
  phase: 'assert',
  reason: {
    code: 'assertion',
    message:
      `answerer firefox: waited 5934 ms for new frames of kind ${String(cause)}; last seen: signaling stable, ` +
      'gathering complete, ICE connected, connection connected, 0 frames, 0 readable, 0×0, track live muted',
    peer: 'answerer',
  },
  signature: `failed for cause ${String(cause)}`,
});

const outcome = {
  new: failed,
  lost: (cause: number) => ({ status: 'unsupported', signature: `lacks ${String(cause)}` }) as const,
  fixed: () => ({ status: 'pass' }) as const,
  flaky: (cause: number) =>
    ({ status: 'pass', flaky: true, attempts: [cell(failed(cause)), cell()] }) as const,
  passed: () => ({ status: 'pass' }) as const,
} as const satisfies Record<(typeof kinds)[number], (cause: number) => Partial<Cell>>;

/** The day before and the day on which everything happened at once, in a run of the size of the default one. */
function badDay(): { before: Results; after: Results } {
  const cells = Array.from({ length: scenarios }, (_, at) =>
    ids.flatMap((offerer) =>
      ids.map((answerer) => {
        const kind = kinds[at % kinds.length] ?? 'passed';
        const cause = Math.floor(at / kinds.length) % causes;
        const scenario = `${areas[at % areas.length] ?? ''}/group/question-${String(at)}-of-a-usual-length`;
        const key = { scenario, offerer, answerer };
        const repro = `npx webrtc-interop run --pairs ${offerer}:${answerer} --scenarios ${scenario}`;
        const lacks = `answerer firefox has no RTCRtpReceiver.prototype.ability${String(cause)}, says its probe`;
        return {
          before: cell({ ...key, ...(kind === 'fixed' ? failed(cause) : {}) }),
          after: cell({ ...key, repro, ...outcome[kind](cause) }, lacks),
        };
      }),
    ),
  ).flat();
  const run = (of: Cell[]): Results => runOf(of, { browsers });
  return { before: run(cells.map(({ before }) => before)), after: run(cells.map(({ after }) => after)) };
}

test(
  'the summary of a day on which everything changes prints on at most 6 pages',
  { tag: '@prints' },
  async ({ page }) => {
    const dir = await mkdtemp(join(tmpdir(), 'webrtc-interop-print-'));
    try {
      const { before, after } = badDay();
      await writeReports(inMemory(after), dir, ['html'], {
        expectations: noExpectations.against(new Baseline(before, after.scenarios), after.browsers),
      });
      await page.goto(pathToFileURL(join(dir, 'index.html')).href);
      await expect(page.getByRole('heading', { level: 1 })).toContainText(
        '640 new failures, 640 fixed, 640 lost support, 640 flaky',
      );
      const pdf = await page.pdf({ format: 'A4' });
      const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
      expect(pages).toBeGreaterThan(1);
      expect(pages).toBeLessThanOrEqual(6);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  },
);
