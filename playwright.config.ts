import { spawnSync } from 'node:child_process';
import { defineConfig } from '@playwright/test';
import { findExecutable } from './harness/drivers/executables.ts';

const chromium = await findExecutable('chromium');
const firefox = await findExecutable('firefox');

/** Only Playwright's own build speaks its protocol; a stock Firefox is driven over WebDriver BiDi. */
const firefoxUse = (firefoxUserPrefs: Record<string, number>) => ({
  browserName: 'firefox' as const,
  ...(firefox?.source === 'system' ? { channel: 'moz-firefox' } : {}),
  launchOptions: {
    firefoxUserPrefs,
    ...(firefox?.source === 'system' ? { executablePath: firefox.path } : {}),
  },
});

/** Allure is a program in Java. */
const notHere = spawnSync('java', ['-version']).status === 0 ? [] : [/@java/];

/**
 * What a stock Firefox cannot be told over WebDriver BiDi: to show pages in dark, which `firefox-dark` is by its preferences, or
 * without JavaScript. No Firefox prints into a file.
 */
const notInFirefox = [
  ...notHere,
  /@prints/,
  ...(firefox?.source === 'system' ? [/, in dark$/, /@emulates/] : []),
];

/** The page tests: reports, opened from disk in real browsers. */
export default defineConfig({
  testMatch: '**/*.pw.ts',
  outputDir: 'test-results',
  workers: 2,
  // axe takes minutes for a page where the machine is busy.
  timeout: 300_000,
  forbidOnly: process.env['CI'] !== undefined,
  reporter: 'list',
  use: {
    screenshot: 'only-on-failure',
    trace: process.env['CI'] === undefined ? 'off' : 'retain-on-failure',
  },
  projects: [
    {
      name: 'chromium',
      grepInvert: notHere,
      use: {
        browserName: 'chromium',
        launchOptions: {
          ...(chromium?.source === 'system' ? { executablePath: chromium.path } : {}),
          // Chromium's sandbox refuses to start for root, which is who a container runs as.
          args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
        },
      },
    },
    { name: 'firefox', grepInvert: notInFirefox, use: firefoxUse({}) },
    {
      name: 'firefox-dark',
      grep: /in dark/,
      use: firefoxUse({ 'layout.css.prefers-color-scheme.content-override': 0 }),
    },
  ],
});
