import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test as base, type Page } from '@playwright/test';
import { packName } from '../../results/pack-writer.ts';
import { openStoredRun, readRun } from '../../results/read-run.ts';
import { changeEvidence, hostile, writeExample } from '../example.ts';
import { writeReports } from '../index.ts';

const failing = 'cells/codecs/video/vp8/chromium--firefox.html';

/** A report of the example, written once a worker, and the address of a file in it. */
const test = base.extend<object, { dir: string; address: (path: string) => string }>({
  dir: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the pattern to know what the fixture needs
    async ({}, use) => {
      const dir = await mkdtemp(join(tmpdir(), 'webrtc-interop-report-'));
      await writeExample(dir);
      await writeReports(await openStoredRun(dir), dir, ['html']);
      await use(dir);
      await rm(dir, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],
  address: [
    async ({ dir }, use) => {
      await use((path) => pathToFileURL(join(dir, path)).href);
    },
    { scope: 'worker' },
  ],
});

/** Everything that the page loads or tries to, but itself. */
function requestsOf(page: Page): string[] {
  const urls: string[] = [];
  page.on('request', (request) => urls.push(request.url()));
  return urls;
}

const scenarioTable = (page: Page, id: string) =>
  page.getByRole('region', { name: `Cells of ${id}` }).getByRole('table');

const cannotEmulate =
  'a stock Firefox of this age takes its colour scheme from preferences: see the project firefox-dark';
const isShownIn = (page: Page, scheme: 'light' | 'dark') =>
  page.evaluate((wanted) => matchMedia(`(prefers-color-scheme: ${wanted})`).matches, scheme);

for (const path of ['index.html', failing]) {
  test(`${path} shows hostile text as text and runs none of it`, async ({ page, address }) => {
    const urls = requestsOf(page);
    await page.goto(address(path));
    await expect(page.getByText(hostile.slice(0, 20)).first()).toBeVisible();
    await expect(page).not.toHaveTitle('owned');
    await expect(page.locator('img[src="x"], [onerror]')).toHaveCount(0);
    await expect(page.locator('script')).toHaveCount(1);
    await expect(page.locator('a[href^="javascript:"]')).toHaveCount(0);
    expect(urls.filter((url) => !url.startsWith('file:'))).toEqual([]);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`${path} has no accessibility fault that axe finds, contrast included, in ${colorScheme}`, async ({
      page,
      address,
    }) => {
      await page.emulateMedia({ colorScheme });
      await page.goto(address(path));
      test.skip(!(await isShownIn(page, colorScheme)), cannotEmulate);
      await page.evaluate(() =>
        document.querySelectorAll('details').forEach((details) => (details.open = true)),
      );
      const { violations, passes } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ target }) => target) }))).toEqual([]);
      expect(passes.map(({ id }) => id)).toContain('color-contrast');
    });
  }

  test(`${path} is no wider than a phone of 360 px`, async ({ page, address }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(address(path));
    await page.evaluate(() =>
      document.querySelectorAll('details').forEach((details) => (details.open = true)),
    );
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });
}

test('a failing cell looks different in light and dark, and is styled from disk', async ({
  page,
  address,
}) => {
  await page.goto(address(failing));
  const colours = new Set<string>();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    test.skip(!(await isShownIn(page, colorScheme)), cannotEmulate);
    colours.add(
      await page.locator('.verdict').evaluate((verdict) => getComputedStyle(verdict).backgroundColor),
    );
  }
  expect(colours.size).toBe(2);
  expect([...colours]).not.toContain('rgba(0, 0, 0, 0)');
});

test('the matrix has a row for each offerer, a column for each answerer and the right word in each cell', async ({
  page,
  address,
}) => {
  await page.goto(address('index.html'));
  const table = scenarioTable(page, 'codecs/video/vp8');
  for (const id of ['chromium', 'firefox', 'webkitgtk']) {
    await expect(table.getByRole('rowheader', { name: id })).toBeVisible();
    await expect(table.getByRole('columnheader', { name: id })).toBeVisible();
  }
  await expect(table.getByRole('link')).toHaveText([
    /^. pass, chromium → chromium$/,
    /^. fail, chromium → firefox$/,
    /^. unsupported, chromium → webkitgtk$/,
    /^. pass, firefox → chromium$/,
    /^. pass, firefox → firefox$/,
    /^. unsupported, firefox → webkitgtk$/,
    /^. unsupported, webkitgtk → chromium$/,
    /^. unsupported, webkitgtk → firefox$/,
    /^. unsupported, webkitgtk → webkitgtk$/,
  ]);
  const sums = page.getByRole('region', { name: 'Sums of codecs' });
  await expect(sums.getByRole('row').nth(1).getByRole('cell').nth(1)).toContainText('1 fail');
});

test('the matrix of every area comes ahead of lists, and leads to its scenarios', async ({
  page,
  address,
}) => {
  await page.goto(address('index.html'));
  const sections = page.getByRole('heading', { level: 2 });
  await expect(sections.nth(0)).toHaveText('Unexpected');
  await expect(sections.nth(1)).toHaveText('Matrix');
  const matrix = page.getByRole('region', { name: 'Matrix', exact: true });
  const areas = await matrix.getByRole('heading', { level: 3 }).allTextContents();
  expect(areas).toContain('codecs');
  for (const area of areas) {
    await matrix.getByRole('link', { name: area, exact: true }).click();
    await expect(page.getByRole('heading', { level: 2, name: area, exact: true })).toBeInViewport();
  }
});

test('an inventory shows what each browser has, and what that rests on', async ({ page, address }) => {
  await page.goto(address('index.html'));
  const table = page.getByRole('region', { name: 'Contexts that can be captured' }).getByRole('table');
  await expect(table.getByRole('columnheader')).toHaveText(['chromium', 'firefox', 'webkitgtk']);
  const row = (name: string) => table.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });
  await expect(row('webgl').getByRole('cell').nth(1)).toHaveText('not tried');
  const captured = row('2d').getByRole('cell').first();
  await expect(captured.getByText('12 frames')).toBeHidden();
  await captured.getByText('captured').click();
  await expect(captured.getByText('12 frames')).toBeVisible();
  await table.getByRole('link', { name: 'firefox' }).click();
  await expect(page).toHaveURL(/captures-locally\/firefox/);
});

test('the keyboard alone reaches a cell, opens it and comes back', async ({ page, address }) => {
  await page.goto(address('index.html'));
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the results' })).toBeFocused();
  await page.keyboard.press('Enter');
  const link = page.getByRole('link', { name: 'codecs/video/vp8, chromium → firefox' });
  for (let presses = 0; presses < 20; presses += 1) {
    if (await link.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press('Tab');
  }
  await expect(link).toBeFocused();
  expect(await link.evaluate((element) => getComputedStyle(element).outlineStyle)).toBe('solid');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'VP8 video is decoded and shows the right picture',
  );
  await page.getByRole('link', { name: 'All results' }).press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('WebRTC interoperability');
});

test('the index says why cells were left out, with a cell for each cause', async ({ page, address }) => {
  await page.goto(address('index.html'));
  const left = page.getByRole('region', { name: 'Left out' });
  const causes = left.getByRole('listitem');
  await left.getByText(/^\d+ cells, for \d+ reasons$/).click();
  await expect(causes.first()).toHaveText(
    /^\d+ unsupported: webkitgtk has no RTCPeerConnection \(first [a-z/0-9-]+, \w+ → \w+\)$/,
  );
  await causes.first().getByRole('link').click();
  await expect(page.getByText('unsupported at launch').first()).toBeVisible();
});

test('every cell of the index leads to its page', async ({ page, address }) => {
  await page.goto(address('index.html'));
  const targets = await page
    .locator('a[data-tone]')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  const unique = [...new Set(targets)];
  expect(unique).toHaveLength(93);
  for (const target of unique.slice(0, 12)) {
    await page.goto(address(target ?? ''));
    await expect(page.locator('.verdict')).toBeVisible();
  }
});

test('a cell shows its checks, command, descriptions, log, statistics and pictures', async ({
  page,
  address,
}) => {
  await page.goto(address(failing));
  await expect(page.locator('.verdict')).toHaveText(/fail at assert/);
  await expect(page.locator('pre.command')).toHaveText(
    "npx webrtc-interop run --pairs chromium:firefox --scenarios 'codecs/video/vp8'",
  );
  const checks = page.getByRole('region', { name: 'Checks' });
  await expect(checks.getByRole('row').nth(2)).toContainText('did not hold');
  await expect(checks.getByRole('row').nth(2)).toContainText('"red": 200');
  await expect(page.getByText('a=setup:actpass').first()).toBeVisible();
  await expect(page.getByText('a=setup:active').first()).toBeVisible();
  await expect(page.getByRole('heading', { name: /^Offer 1, video, mid 1$/ })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Signaling log' })).toContainText('end of candidates');
  const inbound = page.getByText('framesDecoded: 48');
  await expect(inbound).toBeHidden();
  await page.getByText('inbound-rtp', { exact: true }).click();
  await expect(inbound).toBeVisible();
  await expect(page.getByRole('region', { name: 'Console of the answerer' })).toContainText('TypeError');
  const picture = page.getByRole('img', { name: "Screenshot of the answerer's page" });
  await picture.scrollIntoViewIfNeeded();
  await expect
    .poll(() => picture.evaluate((img) => (img instanceof HTMLImageElement ? img.naturalWidth : 0)))
    .toBe(160);
});

test('the filter leaves the cells of one outcome, browser or text', async ({ page, address }) => {
  await page.goto(address('index.html'));
  await page.getByLabel('Outcome').selectOption('timeout');
  await expect(page.locator('article.card:visible')).toHaveCount(1);
  await expect(page.locator('#matches')).toHaveText('2 cells shown');
  await page.getByRole('combobox', { name: 'Browser' }).selectOption('webkitgtk');
  await expect(page.locator('article.card:visible')).toHaveCount(0);
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByRole('searchbox', { name: 'Text' }).fill('OPUS');
  await expect(page.locator('article.card:visible')).toHaveCount(1);
});

test('a flaky pass keeps its earlier attempt in sight', async ({ page, address }) => {
  await page.goto(address('cells/codecs/audio/opus/firefox--chromium.html'));
  await expect(page.locator('.verdict')).toHaveText(/pass, flaky/);
  await expect(page.getByRole('region', { name: 'Attempts' })).toContainText('timeout at media');
});

test('evidence that was changed after the run is marked', async ({ page, dir, address }) => {
  const { cells } = await readRun(dir);
  const cell = cells.find(({ scenario, status }) => scenario === 'codecs/video/vp8' && status === 'fail');
  const stats = cell?.evidence.find(({ path }) => path === 'answerer-stats.json');
  if (stats === undefined) throw new Error('the example has statistics');
  const path = join(dir, 'evidence', packName(stats.pack ?? 0));
  const before = await readFile(path);
  try {
    await changeEvidence(dir, stats, '[]');
    await writeReports(await openStoredRun(dir), dir, ['html']);
    await page.goto(address(failing));
    await expect(page.getByText('This file was changed after the run').first()).toBeVisible();
  } finally {
    await writeFile(path, before);
    await writeReports(await openStoredRun(dir), dir, ['html']);
  }
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test('the index and a cell say all that they say with it', async ({ page, address, browserName }) => {
    test.skip(browserName === 'firefox', 'WebDriver BiDi cannot switch JavaScript off in a stock Firefox');
    await page.goto(address('index.html'));
    await expect(page.locator('form.filter')).toBeHidden();
    await scenarioTable(page, 'codecs/video/vp8').getByRole('link', { name: /fail/ }).click();
    await expect(page.getByText('a=setup:actpass').first()).toBeVisible();
    await page.getByText('inbound-rtp', { exact: true }).click();
    await expect(page.getByText('framesDecoded: 48')).toBeVisible();
  });
});
