import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test as base, type Page } from '@playwright/test';
import { expectAccessible } from '../report/testing.ts';
import { hostile, writeExample } from '../report/example.ts';
import { exampleHistory } from './example.ts';
import { addToSite } from './write-site.ts';

const views = {
  overview: '#/',
  runs: '#/runs',
  'what changed': '#/compare?before=stable-5&after=stable-6',
  'cells over time': '#/cells?run=stable-10',
  'a cell': '#/cell/codecs/video/vp8/firefox:chromium?run=stable-10',
} as const;

/** A site of twenty runs, written once per worker, and the address of a view in it. */
const test = base.extend<object, { address: (hash?: string) => string }>({
  address: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the pattern to know what the fixture needs
    async ({}, use) => {
      const dir = await mkdtemp(join(tmpdir(), 'webrtc-interop-history-'));
      const site = join(dir, 'site');
      const runs = exampleHistory(await writeExample(join(dir, 'run')));
      await addToSite(site, runs, {
        say: (problem) => {
          throw new Error(problem);
        },
      });
      await use((hash = '#/') => pathToFileURL(join(site, 'index.html')).href + hash);
      await rm(dir, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],
});

const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const search = (page: Page) => page.getByRole('searchbox', { name: 'Search' });
const status = (page: Page) => page.getByRole('status');

/** Opens a view and waits for what it loads. */
async function open(page: Page, address: string): Promise<void> {
  // Two addresses of one document are no navigation.
  await page.goto('about:blank');
  await page.goto(address);
  await expect(page.locator('html.scripted')).toHaveCount(1);
  await expect(page.getByText(/^Loading…$/)).toHaveCount(0);
}

test('who follows the field sees what changed between any two runs, by versions of browsers', async ({
  page,
  address,
}) => {
  await open(page, address());
  await expect(heading(page)).toHaveText('WebRTC between browsers, over 20 runs');
  // An error of the harness is never known from the run before.
  await expect(
    page.getByRole('heading', { name: /^stable: 1 new failure, 3 known, 1 flaky since 9 November/ }),
  ).toBeVisible();
  const changes = page.getByRole('region', { name: /^What changed/ });
  const step = changes.getByRole('listitem').filter({ hasText: '6 November 2026, 03:17 UTC, stable' });
  await expect(step).toContainText('Firefox 153.7 → 154.0: 1 new, 2 fixed');
  await step.getByRole('link', { name: /6 November 2026/ }).click();
  await expect(page).toHaveURL(/#\/compare\?before=stable-5&after=stable-6$/);
  await expect(page.getByRole('main')).toBeFocused();
  await expect(status(page)).toHaveText('Firefox 153.7 → 154.0: 1 new, 2 fixed. 90 cells came to the same.');
  const group = page.getByRole('region', { name: 'Firefox 153.7 → 154.0' });
  await expect(group).toContainText('it was pass; now fail: expected a tone of 440 Hz, but heard nothing');

  // two runs of different labels: what the next release breaks
  await page.getByRole('combobox', { name: 'After' }).selectOption('nightly-10');
  await page.getByRole('combobox', { name: 'Before' }).selectOption('stable-10');
  await expect(page).toHaveURL(/#\/compare\?before=stable-10&after=nightly-10$/);
  await expect(status(page)).toHaveText(
    'Firefox 154.0 → 156.0a1: 2 new, 1 fixed. 90 cells came to the same.',
  );
  await page.reload();
  await expect(page.getByRole('combobox', { name: 'Before' })).toHaveValue('stable-10');
  await expect(status(page)).toContainText('2 new, 1 fixed');
  await page.getByRole('button', { name: 'Swap' }).click();
  await expect(status(page)).toContainText('Firefox 156.0a1 → 154.0: 1 new, 2 fixed');
  await page.goBack();
  await expect(status(page)).toContainText('Firefox 154.0 → 156.0a1');

  await page.getByRole('link', { name: /A captured canvas arrives.*Chromium → Firefox/ }).click();
  await expect(heading(page)).toHaveText('A captured canvas arrives Chromium → Firefox');
  await expect(page.getByText(/^fail, since 5 November 2026, 6 runs/)).toBeVisible();
});

test('a cell shows its last outcomes, how often it was flaky, and since when it is so', async ({
  page,
  address,
}) => {
  await open(page, address('#/cells?run=stable-10'));
  await search(page).fill('vp8 firefox>chromium');
  await expect(page).toHaveURL(/q=vp8\+firefox(?:>|%3E)chromium$/);
  await expect(status(page)).toHaveText('1 cell found, 1 of them was flaky in the last 10 runs.');
  const row = page.getByRole('row').filter({ hasText: 'VP8' });
  const outcomes = 'Outcomes, the oldest first: 2 pass, 1 timeout, 4 pass, 1 timeout, 2 pass';
  await expect(row.getByRole('img', { name: outcomes })).toHaveText('✓✓◷✓✓✓✓◷✓✓');
  await expect(row.getByRole('cell')).toHaveText([
    '✓ pass',
    /◷/,
    '2 of 10 (20 %)',
    '9 November 2026, 2 runs',
  ]);
  await row.getByRole('link', { name: /VP8/ }).click();
  await expect(page.getByRole('img', { name: outcomes })).toBeVisible();
  await expect(page.getByRole('row')).toHaveCount(11);
  await expect(page.getByRole('row').filter({ hasText: '8 November' })).toContainText(
    'Waited 15000 ms for a frame',
  );
  await page.getByRole('link', { name: /← Cells of/ }).click();
  await expect(search(page)).toHaveValue('vp8 firefox>chromium');
});

test('a run is chosen, its matrix leads to cells, and the flakiest come first', async ({ page, address }) => {
  await open(page, address('#/cells'));
  await page.getByRole('combobox', { name: 'Run' }).selectOption('stable-6');
  await expect(page.getByText(/2 new failures, 2 known, 2 fixed, 1 flaky since 5 November/)).toBeVisible();
  await page.getByRole('checkbox', { name: 'the flakiest first' }).check();
  await expect(page.getByRole('row', { name: /A tone sent with Opus.*6 of 6 \(100 %\)/ })).toBeVisible();
  const over = page.getByRole('region', { name: 'Cells over time' });
  await expect(over.getByRole('row').nth(1)).toContainText('A tone sent with Opus');
  // a pair that cannot connect has one line, not a row for each cell
  await expect(over.getByRole('row').filter({ hasText: /→ WebKitGTK/ })).toHaveCount(0);
  await expect(page.getByText(/WebKitGTK .* cannot take part in a call/)).toBeVisible();
  await page.getByRole('link', { name: /^codecs, Chromium → Firefox:/ }).click();
  await expect(page).toHaveURL(/#\/cells\?run=stable-6&q=area:codecs\+chromium(?:>|%3E)firefox$/);
  await expect(status(page)).toContainText('3 cells found');
});

test('hostile text is text in every view, nothing of it runs, and nothing is asked of any host', async ({
  page,
  address,
}) => {
  const urls: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => urls.push(request.url()));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  for (const hash of Object.values(views)) {
    await open(page, address(hash));
    await expect(page).toHaveTitle(/WebRTC interoperability over time$/);
    await expect(page.locator('img[src="x"], [onerror], a[href^="javascript:"], body script')).toHaveCount(0);
  }
  await expect(page.getByText(hostile.slice(0, 20)).first()).toBeVisible();
  expect(urls.filter((url) => !/^(?:file|blob|about):/.test(url))).toEqual([]);
  expect(complaints).toEqual([]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no view has an accessibility fault that axe finds, contrast included, in ${colorScheme}`, async ({
    page,
    address,
  }) => {
    await page.emulateMedia({ colorScheme });
    for (const [name, hash] of Object.entries(views)) {
      await open(page, address(hash));
      const isShown = await page.evaluate(
        (wanted) => matchMedia(`(prefers-color-scheme: ${wanted})`).matches,
        colorScheme,
      );
      expect(isShown).toBe(true);
      await expectAccessible(page, colorScheme, name);
    }
  });
}

test('every view fits a phone of 390 px, its lists too', async ({ page, address }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const [name, hash] of Object.entries(views)) {
    await open(page, address(hash));
    await page.evaluate(() =>
      document.querySelectorAll('main details').forEach((details) => details.setAttribute('open', '')),
    );
    expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(390);
    const cut = await page
      .locator('.scroll:not(:has(.matrix))')
      .evaluateAll((lists) => lists.filter((list) => list.scrollWidth > list.clientWidth).length);
    expect(cut, `lists of ${name} that are cut off`).toBe(0);
  }
});

test('the keyboard alone reaches what changed', async ({ page, address }) => {
  await open(page, address());
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the results' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  const link = page.getByRole('navigation').getByRole('link', { name: 'What changed' });
  await expect(link).toBeFocused();
  expect(await link.evaluate((element) => getComputedStyle(element).outlineStyle)).toBe('solid');
  await page.keyboard.press('Enter');
  await expect(heading(page)).toHaveText('What changed between two runs');
  await expect(page.getByRole('main')).toBeFocused();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test(
    'the page still has the last verdicts and what changed',
    { tag: '@emulates' },
    async ({ page, address }) => {
      await page.goto(address());
      await expect(page.getByRole('heading', { name: /^nightly: 1 new failure, 4 known/ })).toBeVisible();
      await expect(page.getByRole('region', { name: /^What changed/ })).toContainText(
        'Firefox 153.7 → 154.0: 1 new, 2 fixed',
      );
      await expect(page.getByRole('region', { name: 'List of runs' })).toContainText('27/31');
      await expect(page.getByRole('searchbox')).toBeHidden();
    },
  );
});
