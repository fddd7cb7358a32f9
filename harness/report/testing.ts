import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Rules that depend on colours; all others see the same page in light and in dark. */
const aboutColours = ['color-contrast', 'link-in-text-block'];

/** Opens everything that is folded, and has axe look at the page; in dark, at its colours alone. */
export async function expectAccessible(page: Page, scheme: 'light' | 'dark', name: string): Promise<void> {
  await page.evaluate(() =>
    document.querySelectorAll('main details').forEach((details) => details.setAttribute('open', '')),
  );
  // Otherwise axe opens a page of its own for what it found in frames, of which ours have none.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const { violations, passes } = await (scheme === 'dark' ? axe.withRules(aboutColours) : axe).analyze();
  expect(
    violations.map(({ id, nodes }) => ({ name, id, at: nodes.map(({ html }) => html.slice(0, 200)) })),
  ).toEqual([]);
  expect(passes.map(({ id }) => id)).toContain('color-contrast');
}
