import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test as base } from '@playwright/test';
import { inMemory } from '../results/read-run.ts';
import { writeAllureHtml } from './allure-html.ts';
import { hostile, writeExample } from './example.ts';
import { writeReports } from './index.ts';

/** The HTML that Allure makes of the example, once per worker. */
const test = base.extend<object, { allureAddress: string }>({
  allureAddress: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the pattern to know what the fixture needs
    async ({}, use) => {
      const dir = await mkdtemp(join(tmpdir(), 'webrtc-interop-allure-'));
      await writeReports(inMemory(await writeExample(dir)), dir, ['allure']);
      await use(pathToFileURL(await writeAllureHtml(dir)).href);
      await rm(dir, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 240_000 },
  ],
});

test(
  'Allure counts every cell once, and shows what failed and why',
  { tag: '@java' },
  async ({ page, allureAddress }) => {
    await page.goto(allureAddress);
    await expect(page.getByText('93', { exact: true }).first()).toBeVisible();
    await page.goto(`${allureAddress}#categories`);
    await expect(page.getByText('Product defects').first()).toBeVisible();
    await page.goto(`${allureAddress}#suites`);
    await page.getByText('codecs', { exact: true }).first().click();
    await page.getByText('video', { exact: true }).first().click();
    await page.getByText('vp8', { exact: true }).first().click();
    await page
      .getByText('VP8 video is decoded and shows the right picture: chromium → firefox')
      .first()
      .click();
    await expect(page.getByText('expected the picture to be right, but it was black').first()).toBeVisible();
    await expect(page.getByText('screenshot of the answerer').first()).toBeVisible();
    await expect(page.getByText(hostile.slice(0, 20)).first()).toBeVisible();
    await expect(page).not.toHaveTitle('owned');
  },
);
