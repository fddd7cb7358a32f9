import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test as base, type Page } from '@playwright/test';
import { Baseline } from '../../results/baseline.ts';
import { noExpectations } from '../../results/expectations.ts';
import { inMemory } from '../../results/read-run.ts';
import type { Cell, Results } from '../../results/schema.ts';
import { signatureOf } from '../../results/signature.ts';
import { hostile, writeExample } from '../example.ts';
import { writeReports } from '../index.ts';
import { expectAccessible } from '../testing.ts';

const failing = '#/cell/codecs/video/vp8/chromium:firefox';
const views = {
  overview: '#/',
  cells: '#/cells',
  compatibility: '#/compatibility',
  scenario: '#/scenario/codecs/video/vp8',
  'a failing cell': failing,
  claims: '#/claims',
  measurements: '#/measurements',
  browsers: '#/browsers',
} as const;

/** The evidence of a cell, with the text of its offer as its answer. */
const answeredOtherwise = ({ evidence }: Cell): Cell['evidence'] => {
  const { sha256, bytes, pack } = evidence.find(({ kind }) => kind === 'offer') ?? {};
  if (sha256 === undefined || bytes === undefined || pack === undefined) throw new Error('it has an offer');
  return evidence.map((each) => (each.kind === 'answer' ? { ...each, sha256, bytes, pack } : each));
};

/** The day before: vp8 worked, H.264 worked in Firefox, the echo of text failed, what times out did so already. */
function yesterday(results: Results): Results {
  const failed = {
    status: 'fail',
    phase: 'assert',
    reason: { code: 'assertion', message: 'nothing came back', peer: null },
  } as const;
  const passed = { status: 'pass', phase: null, reason: null, signature: null } as const;
  return {
    ...results,
    run: { ...results.run, id: 'yesterday', startedAt: '2026-11-21T15:00:00.000Z' },
    cells: results.cells.map((cell) => {
      const pair = `${cell.offerer}>${String(cell.answerer)}`;
      if (cell.scenario === 'data-channels/message/text-echo' && pair === 'chromium>firefox')
        return { ...cell, ...failed, signature: signatureOf(failed) };
      if (cell.scenario === 'codecs/video/vp8' && pair === 'chromium>firefox')
        return { ...cell, ...passed, evidence: answeredOtherwise(cell) };
      if (cell.scenario === 'codecs/video/h264' && pair === 'firefox>firefox') return { ...cell, ...passed };
      return cell;
    }),
  };
}

/** A report of the example, compared with the day before; written once per worker. And the address of a view in it. */
const test = base.extend<object, { dir: string; address: (hash?: string) => string }>({
  dir: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the pattern to know what the fixture needs
    async ({}, use) => {
      const dir = await mkdtemp(join(tmpdir(), 'webrtc-interop-report-'));
      const results = await writeExample(dir);
      const before = new Baseline(yesterday(results), results.scenarios, dir);
      await writeReports(inMemory(results), dir, ['html'], {
        expectations: noExpectations.against(before, results.browsers),
      });
      await use(dir);
      await rm(dir, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],
  address: [
    async ({ dir }, use) => {
      await use((hash = '#/') => pathToFileURL(join(dir, 'index.html')).href + hash);
    },
    { scope: 'worker' },
  ],
});

/** Everything that the page loads or tries to load, except itself. */
function requestsOf(page: Page): string[] {
  const urls: string[] = [];
  page.on('request', (request) => urls.push(request.url()));
  return urls;
}

/** What the page reports on its console, including scripts or styles that its policy refuses. */
function complaintsOf(page: Page): string[] {
  const said: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') said.push(message.text());
  });
  page.on('pageerror', (error) => said.push(error.message));
  return said;
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const search = (page: Page) => page.getByRole('searchbox', { name: 'Search' });
const isShownIn = (page: Page, scheme: 'light' | 'dark') =>
  page.evaluate((wanted) => matchMedia(`(prefers-color-scheme: ${wanted})`).matches, scheme);

/** Opens a view and waits for what it loads. */
async function open(page: Page, address: string): Promise<void> {
  // Two addresses of one document are no navigation.
  await page.goto('about:blank');
  await page.goto(address);
  await expect(
    page.getByText(/^(?:Loading|The evidence is loading)…$/).filter({ visible: true }),
  ).toHaveCount(0);
}

test('hostile text is text in every view, nothing of it runs, and nothing is asked of any host', async ({
  page,
  address,
}) => {
  const urls = requestsOf(page);
  const complaints = complaintsOf(page);
  for (const hash of Object.values(views)) {
    await open(page, address(hash));
    await expect(page).toHaveTitle(/WebRTC interoperability$/);
    await expect(page.locator('img[src="x"], [onerror], a[href^="javascript:"]')).toHaveCount(0);
  }
  await open(page, address(failing));
  await expect(page.getByText(hostile.slice(0, 20)).first()).toBeVisible();
  await expect(page.locator('body script')).toHaveCount(0);
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
      expect(await isShownIn(page, colorScheme)).toBe(true);
      await expectAccessible(page, colorScheme, name);
    }
  });
}

test('every view fits a phone of 390 px', async ({ page, address }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const [name, hash] of Object.entries(views)) {
    await open(page, address(hash));
    await page.evaluate(() =>
      document.querySelectorAll('main details').forEach((details) => details.setAttribute('open', '')),
    );
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width, name).toBeLessThanOrEqual(390);
  }
});

test('who broke the build goes from the news to the cause to the command', async ({ page, address }) => {
  await open(page, address());
  await expect(heading(page)).toContainText(
    /2 new failures, 3 known, 1 fixed, 1 lost support, 1 flaky since 21 November/,
  );
  await expect(heading(page)).toContainText('Chromium 156.0.8078, Firefox ESR 153.0esr');
  const fresh = page.getByRole('region', { name: /^New/ });
  await expect(fresh).toContainText('expected the picture to be right, but it was black');
  const command = "npx webrtc-interop run --pairs chromium:firefox --scenarios 'codecs/video/vp8'";
  await expect(fresh).toContainText(command);
  await fresh.getByRole('link', { name: /VP8 video/ }).click();
  await expect(page).toHaveURL(/#\/cell\/codecs\/video\/vp8\/chromium:firefox/);
  await expect(page.getByRole('heading', { name: /the picture is right/ })).toBeVisible();
  await expect(page.locator('.failed')).toContainText(/Expected.*"red": 200/s);
  await expect(page.locator('.verdict')).toContainText(/fail.*new.*before: pass/s);
  await expect(page.locator('.command')).toContainText(command);
  const picture = page.getByRole('img', { name: 'A screenshot of the answerer' });
  await expect
    .poll(() => picture.evaluate((img) => (img instanceof HTMLImageElement ? img.naturalWidth : 0)))
    .toBe(160);
  await expect(page.getByRole('img', { name: /^Sequence of the call/ })).toContainText('answer');
  await expect(page.getByText('a=setup:active').first()).toBeVisible();
  await expect(page.getByRole('link', { name: 'specs/codecs/video/vp8.spec.ts' })).toHaveAttribute(
    'href',
    'https://github.com/a/b/blob/c0ffee/specs/codecs/video/vp8.spec.ts',
  );
  const earlier = page.getByRole('region', { name: 'Difference to the last pass' });
  await expect(earlier).toContainText('It passed on');
  await expect(earlier.locator('.gone, .come').first()).toBeVisible();
  await page.getByText('inbound-rtp', { exact: true }).click();
  await expect(page.getByText('framesDecoded', { exact: true })).toBeVisible();
});

test('who plans a feature finds whether a canvas works from Firefox to Chromium', async ({
  page,
  address,
}) => {
  await open(page, address());
  await page.getByRole('link', { name: 'Compatibility' }).click();
  await search(page).fill('captured canvas firefox>chromium');
  const table = page.getByRole('region', { name: 'Compatibility table' });
  await expect(table.getByRole('columnheader')).toHaveText([
    'Question',
    /Firefox ESR → Chromium.*153\.0esr → 156\.0\.8078/s,
  ]);
  await expect(table.getByRole('rowheader', { name: /A captured canvas arrives/ })).toHaveCount(1);
  await expect(table.getByRole('cell').getByRole('link')).toHaveText(/pass/);
  await table.getByRole('link', { name: 'A captured canvas arrives' }).click();
  await expect(page.locator('.meaning')).toHaveText(
    'Do not rely on it for Firefox ESR → Firefox ESR; it works for Chromium → Chromium; Chromium → Firefox ESR; Firefox ESR → Chromium.',
  );
  await expect(page.getByRole('link', { name: 'https://www.w3.org/TR/webrtc/' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Measurements by pair' })).toContainText('71.4 ms');
});

test('who follows the field sees what changed between two runs', async ({ page, address }) => {
  await open(page, address());
  const fixed = page.getByRole('region', { name: /^Fixed/ });
  await expect(fixed).toContainText('A text message comes back as it was sent');
  const lost = page.getByRole('region', { name: /^Lost support/ });
  await expect(lost).toContainText(
    'Firefox ESR lacks sending H.264 (only here: Firefox brings H.264 as the OpenH264 plug-in',
  );
  await lost.getByRole('link', { name: /1 cell/ }).click();
  await expect(search(page)).toHaveValue('is:lost');
  await page
    .getByRole('main')
    .getByRole('link', { name: /H\.264/ })
    .click();
  await expect(page.locator('.verdict')).toContainText(/it worked before.*before: pass/s);
});

test('a tile of the matrix leads to its failures by why, each cell from there, and back to the same filter', async ({
  page,
  address,
}) => {
  await open(page, address());
  const matrix = page.getByRole('region', { name: 'Matrix: areas by pairs of browsers' });
  await expect(matrix.getByRole('columnheader')).toHaveCount(7);
  const tile = matrix.getByRole('link', { name: /^codecs, Chromium → Firefox ESR:/ });
  await expect(tile).toHaveText(/1\/2 pass✗ 1 new– 1 lacking/);
  await tile.click();
  await expect(page).toHaveURL(/#\/cells\?q=area:codecs\+chromium(?:>|%3E)firefox$/);
  await expect(page.getByRole('status')).toHaveText(/^3 cells found: 1 new, 1 not supported, 1 passed\.$/);
  await page
    .getByRole('main')
    .getByRole('link', { name: /VP8 video/ })
    .click();
  await page.getByRole('link', { name: 'Next', exact: true }).click();
  await expect(heading(page)).toContainText('h.264');
  await page.goBack();
  await page.goBack();
  await expect(search(page)).toHaveValue('area:codecs chromium>firefox');
  await expect(page.getByRole('status')).toHaveText(/^3 cells found/);
});

test('a filter that is typed stays in the address, through Reload and Back', async ({ page, address }) => {
  await open(page, address('#/cells'));
  await search(page).pressSequentially('status:timeout');
  await expect(page.getByRole('status')).toHaveText(/^2 cells found: 2 known/);
  await page.reload();
  await expect(search(page)).toHaveValue('status:timeout');
  await expect(page.getByRole('status')).toHaveText(/^2 cells found/);
  await page
    .getByRole('main')
    .getByRole('link', { name: /candidates in the descriptions/ })
    .first()
    .click();
  await page.getByRole('link', { name: '← Cells of “status:timeout”' }).click();
  await expect(page.getByRole('status')).toHaveText(/^2 cells found/);
  await search(page).fill('is:odd');
  await expect(page.getByText('“is:odd” is not known')).toBeVisible();
});

test('a browser that cannot connect is a line of the matrix, and its pairs are found all the same', async ({
  page,
  address,
}) => {
  await open(page, address());
  const line = page.locator('.out-of-it');
  await expect(line).toContainText(/WebKitGTK MiniBrowser.*2\.50\.6 cannot take part in a call.*5 pairs/s);
  await line.getByRole('link').click();
  await expect(page.getByRole('main')).toContainText('lacks RTCPeerConnection');
});

test('the keyboard alone reaches a cell, opens it and comes back', async ({ page, address }) => {
  await open(page, address());
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the results' })).toBeFocused();
  await page.keyboard.press('Enter');
  const link = page.getByRole('region', { name: /^New/ }).getByRole('link', { name: /VP8 video/ });
  for (let presses = 0; presses < 20; presses += 1) {
    if (await link.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press('Tab');
  }
  await expect(link).toBeFocused();
  expect(await link.evaluate((element) => getComputedStyle(element).outlineStyle)).toBe('solid');
  await page.keyboard.press('Enter');
  await expect(heading(page)).toContainText('vp8 video');
  await expect(page.getByRole('main')).toBeFocused();
  await page.getByRole('link', { name: '← Cells of “is:new”' }).press('Enter');
  await expect(page.getByRole('status')).toHaveText(/^2 cells found: 2 new/);
});

test('an inventory shows what each browser has, and what that rests on', async ({ page, address }) => {
  await open(page, address('#/compatibility'));
  const table = page.getByRole('region', { name: 'Contexts that can be captured' }).getByRole('table');
  const row = (name: string) => table.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });
  await expect(table.getByRole('columnheader').first()).toHaveText(/^Chromium \d+\.\d+/);
  await expect(row('webgl').getByRole('cell').nth(4)).toHaveText('not tried');
  const captured = row('2d').getByRole('cell').nth(1);
  await expect(captured.getByText('12 frames')).toBeHidden();
  await captured.getByText('captured').click();
  await expect(captured.getByText('12 frames')).toBeVisible();
});

test('an inventory says what MDN says, leads to where it is written, and shows what differs alone', async ({
  page,
  address,
}) => {
  await open(page, address('#/compatibility'));
  const table = page.getByRole('region', { name: 'Contexts that can be captured' }).getByRole('table');
  const row = (name: string) => table.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });
  await expect(row('2d').getByRole('link', { name: /^MDN/ })).toHaveAttribute(
    'href',
    'https://developer.mozilla.org/2d',
  );
  const saidOf = (name: string) => row(name).getByRole('cell').allInnerTexts();
  expect((await saidOf('2d'))[0]).toMatch(/^since 56/);
  expect((await saidOf('2d'))[2]).toBe('agreed');
  expect((await saidOf('webgl')).filter((_, at) => at % 3 !== 1).slice(0, 2)).toEqual(['no', 'differs']);
  await page.getByRole('checkbox', { name: 'only what differs from MDN (1)' }).check();
  await expect(row('2d')).toHaveCount(0);
  await expect(row('webgl')).toHaveCount(1);
});

test('claims are right, wrong by so much or absent, by browser, and each leads to its cell', async ({
  page,
  address,
}) => {
  await open(page, address());
  await page.getByRole('link', { name: 'Claims' }).click();
  const table = page.getByRole('region', { name: 'Claims of connection' }).getByRole('table');
  await expect(table.getByRole('columnheader')).toHaveText(['Member', /^Chromium156/, /^Firefox ESR153/]);
  const row = (name: string) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });
  const summaries = (name: string) => row(name).locator('summary');
  await expect(summaries('packetsSent')).toHaveText(['✓ right', '○ wrong, known 2 times as much']);
  await expect(summaries('jitter')).toHaveText(['✓ right', '✓ right']);
  await expect(summaries('framesDecoded')).toHaveText(['✓ right', '– absent in 1 of 2']);
  await expect(page.getByRole('status')).toHaveText(/^4 members: 2 right .* 2 wrong or absent/);
  await page.getByRole('checkbox', { name: 'only what is wrong or absent (2)' }).check();
  await expect(row('jitter')).toHaveCount(0);
  await summaries('framesDecoded').nth(1).press('Enter');
  const first = row('framesDecoded').getByRole('listitem').filter({ visible: true }).first();
  await expect(first).toHaveText(/Chromium → Firefox ESR, answerer: absent, due at least 1$/);
  await first.getByRole('link').press('Enter');
  await expect(page).toHaveURL(/#\/cell\/codecs\/video\/vp8\/chromium:firefox/);
  await page.goBack();
  await search(page).fill('area:codecs');
  await expect(page.getByRole('status')).toHaveText(/^1 member: 0 right/);
});

test('a flaky pass keeps its earlier attempt in sight', async ({ page, address }) => {
  await open(page, address('#/cell/codecs/audio/opus/firefox:chromium'));
  await expect(page.locator('.verdict')).toContainText('flaky pass');
  await expect(page.getByRole('main')).toContainText(/timeout while media was awaited.*heard silence/s);
});

test('measurements are drawn by pair, with their numbers in a table', async ({ page, address }) => {
  const complaints = complaintsOf(page);
  await open(page, address('#/measurements'));
  await expect(page.getByRole('img', { name: /^connected after by pair/ })).toBeVisible();
  await expect(page.getByRole('region', { name: 'connected after by pair' })).toContainText('71.4 ms');
  expect(complaints).toEqual([]);
});

test('evidence that was changed after the report was written is marked', async ({ page, dir, address }) => {
  const packs = (await readdir(join(dir, 'evidence'))).filter((name) => name.endsWith('.js'));
  const before = new Map<string, string>();
  for (const name of packs) before.set(name, await readFile(join(dir, 'evidence', name), 'utf8'));
  try {
    for (const [name, text] of before) {
      const changed = text.replaceAll(/evidence\("[\w-]+","([^"]+)","[^"]*"\)/g, (_, files: string) => {
        const bytes = files.split(' ').reduce((sum, file) => sum + Number(file.split(':')[1]), 0);
        return `evidence("identity","${files}","${Buffer.alloc(bytes, 'x').toString('base64')}")`;
      });
      await writeFile(join(dir, 'evidence', name), changed);
    }
    await open(page, address(failing));
    await expect(page.getByText('This file was changed after the run').first()).toBeVisible();
  } finally {
    for (const [name, text] of before) await writeFile(join(dir, 'evidence', name), text);
  }
});

test(
  'a failing cell looks different in light and dark, and is styled from disk',
  { tag: '@emulates' },
  async ({ page, address }) => {
    await open(page, address(failing));
    const colours = new Set<string>();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await isShownIn(page, colorScheme)).toBe(true);
      colours.add(
        await page.locator('.verdict').evaluate((verdict) => getComputedStyle(verdict).backgroundColor),
      );
    }
    expect(colours.size).toBe(2);
    expect([...colours]).not.toContain('rgba(0, 0, 0, 0)');
  },
);

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test('index.html says verdict, news and matrix', { tag: '@emulates' }, async ({ page, address }) => {
    await page.goto(address());
    await expect(heading(page)).toContainText('2 new failures');
    await expect(page.getByRole('region', { name: /^New/ })).toContainText('npx webrtc-interop run');
    await expect(page.getByRole('link', { name: /^codecs, Chromium → Firefox ESR:/ })).toBeVisible();
    await expect(page.getByRole('searchbox')).toBeHidden();
  });
});
