import { canaryStatus } from '../results/canary.ts';
import { KnownBrowsers } from '../results/known-browsers.ts';
import { Lacks, missingIn, type Lack } from '../results/lacks.ts';
import type { BrowserResult, Cell, Results } from '../results/schema.ts';
import { browserPattern } from '../results/version-range.ts';

/** What browsers are known to lack, judging by some runs. */
export interface LacksUpdate {
  lacks: Lack[];
  /** What they lack that was not listed, by browser. */
  newLacks: { browser: string; names: string[] }[];
  /** What was listed but exists. */
  noLongerLacking: { browser: string; names: string[] }[];
}

/** Whether a browser has a capability, judging by its probe; undefined if it was not asked. */
function has({ capabilities }: BrowserResult, name: string): boolean | undefined {
  const asked = capabilities['has'];
  const answer: unknown = typeof asked === 'object' && asked !== null ? Reflect.get(asked, name) : undefined;
  return typeof answer === 'boolean' ? answer : undefined;
}

const unsupportedIn = ({ cells }: Results): Cell[] =>
  cells.filter(({ scenario, status }) => status === 'unsupported' && canaryStatus(scenario) === null);

/** The browsers of all runs that an entry refers to. */
const meant = ({ browser }: Lack, runs: readonly Results[]): BrowserResult[] =>
  runs.flatMap(({ browsers }) => {
    const known = new KnownBrowsers(browsers);
    return browsers.filter(({ id }) => known.isMeant(browserPattern(browser), id));
  });

/** Whether some browser with this id has the capability in some run: then the browser does not lack it. */
const isSomewhere = (runs: readonly Results[], id: string, name: string): boolean =>
  runs.some(({ browsers }) => browsers.some((browser) => browser.id === id && has(browser, name) === true));

/** What sides of unsupported cells lack most often without its being listed; undefined if each cell is explained. */
function mostMissed(
  runs: readonly Results[],
  lacks: readonly Lack[],
): { browser: string; name: string } | undefined {
  const counts = new Map<string, { browser: string; name: string; count: number }>();
  for (const run of runs) {
    const known = new Lacks(lacks, new KnownBrowsers(run.browsers));
    for (const { browser, names } of unsupportedIn(run).flatMap(missingIn)) {
      if (browser === null || names.some((name) => known.isLacking(browser, name))) continue;
      for (const name of names) {
        if (isSomewhere(runs, browser, name)) continue;
        const key = JSON.stringify([browser, name]);
        counts.set(key, { browser, name, count: (counts.get(key)?.count ?? 0) + 1 });
      }
    }
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count)[0];
}

/**
 * What browsers lack in all runs. Each browser of the runs gets an entry: anything else it lacks later is unexpected. Of
 * what a side of an unsupported cell lacks, as few things are listed as explain each cell, whatever the other side is; so a
 * browser without `RTCPeerConnection` has a short list.
 */
export function updateLacks(before: readonly Lack[], runs: readonly Results[]): LacksUpdate {
  const noLongerLacking: LacksUpdate['noLongerLacking'] = [];
  const lacks = before.map((lack): Lack => {
    // what one installation may lack, another one may have
    if (lack.installation === true) return lack;
    const browsers = meant(lack, runs);
    const there = lack.names.filter((name) => {
      const answers = browsers.map((browser) => has(browser, name)).filter((answer) => answer !== undefined);
      return answers.length > 0 && answers.every((answer) => answer);
    });
    if (there.length > 0) noLongerLacking.push({ browser: lack.browser, names: there });
    return { ...lack, names: lack.names.filter((name) => !there.includes(name)) };
  });
  const ids = new Set(runs.flatMap(({ browsers }) => browsers.map(({ id }) => id)));
  const isNamed = (id: string): boolean =>
    runs.some(({ browsers }) => {
      const known = new KnownBrowsers(browsers);
      return (
        browsers.some((browser) => browser.id === id) &&
        lacks.some(({ browser }) => known.isMeant(browserPattern(browser), id))
      );
    });
  for (const id of ids) {
    if (!isNamed(id))
      lacks.push({ browser: id, names: [], why: 'Nothing else that was asked of it is missing.' });
  }
  const newLacks = new Map<string, string[]>();
  for (let next = mostMissed(runs, lacks); next !== undefined; next = mostMissed(runs, lacks)) {
    const { browser, name } = next;
    newLacks.set(browser, [...(newLacks.get(browser) ?? []), name]);
    const own = lacks.findIndex((lack) => lack.browser === browser && lack.installation === undefined);
    const entry = lacks[own];
    if (entry) lacks[own] = { ...entry, names: [...entry.names, name] };
    else lacks.push({ browser, names: [name], why: 'Its probe does not find them.' });
  }
  return {
    lacks,
    newLacks: [...newLacks].map(([browser, names]) => ({ browser, names })),
    noLongerLacking,
  };
}
