import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright';
import { launch, type Product } from './plain.ts';

/** How fast a report's page is when opened from disk, in milliseconds: each value is the median of three measurements. */
export interface PageSpeed {
  /** From the navigation to the first content painted. */
  paintMs: number;
  /** From the navigation until the script has taken the page over. */
  interactiveMs: number;
  /** From a key press in the search to its result in the next frame, for the slowest of all keys. */
  filterMs: number;
}

declare global {
  /** When the script had taken the page over. */
  var takenOverAt: number | undefined;
}

/** What is typed, key by key. */
const typed = 'firefox>chromium is:new question-12';
const rounds = 3;

/** Every state of the search on the way; a space at the end changes nothing. */
const queries = Array.from(typed, (_, at) => typed.slice(0, at + 1)).filter((query) => !query.endsWith(' '));

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** @param dir the folder of a run that has its report */
export async function pageSpeed(product: Product, dir: string): Promise<PageSpeed> {
  const browser = await launch(product);
  try {
    const page = await browser.newPage();
    await page.addInitScript(() => {
      // The class is set in the task that takes the page over; an observer is called at the end of that.
      new MutationObserver((_, observer) => {
        if (!document.documentElement.classList.contains('scripted')) return;
        observer.disconnect();
        globalThis.takenOverAt = performance.now();
      }).observe(document, { subtree: true, attributeFilter: ['class'] });
    });
    const loads: Omit<PageSpeed, 'filterMs'>[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await page.goto('about:blank');
      await page.goto(pathToFileURL(join(dir, 'index.html')).href);
      loads.push(await loadSpeed(page));
    }
    return {
      paintMs: median(loads.map(({ paintMs }) => paintMs)),
      interactiveMs: median(loads.map(({ interactiveMs }) => interactiveMs)),
      filterMs: await filterSpeed(page),
    };
  } finally {
    await browser.close();
  }
}

async function loadSpeed(page: Page): Promise<Omit<PageSpeed, 'filterMs'>> {
  await page.waitForFunction(() => globalThis.takenOverAt !== undefined);
  await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
  return page.evaluate(() => ({
    paintMs: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
    interactiveMs: globalThis.takenOverAt ?? Number.NaN,
  }));
}

async function filterSpeed(page: Page): Promise<number> {
  await page.evaluate(() => {
    location.hash = '#/cells';
  });
  await page.getByRole('heading', { name: 'All cells' }).waitFor();
  const took = queries.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, query] of queries.entries()) took[at]?.push(await typing(page, query));
  }
  return Math.max(...took.map(median));
}

/** Types into the search; functions in it are unnamed, as tsx needs a helper for names. @returns ms until the result's frame */
const typing = (page: Page, query: string): Promise<number> =>
  page.evaluate(async (text) => {
    const input = document.querySelector<HTMLInputElement>('#search');
    if (input === null) throw new Error('the page has no search');
    const began = performance.now();
    const found = new Promise<void>((resolve) => {
      new MutationObserver((_, observer) => {
        if (document.querySelector('h1')?.textContent !== `Cells of “${text}”`) return;
        observer.disconnect();
        resolve();
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    input.value = text;
    input.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await found;
    // A task that runs after the frame that paints it.
    await new Promise<void>((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve();
        port2.postMessage(null);
      });
    });
    return performance.now() - began;
  }, query);
