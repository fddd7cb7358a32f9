import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf, UsageError } from '../errors.ts';
import { compatOf, type Difference } from '../report/compat.ts';
import { pageFiles } from '../report/html/page-files.ts';
import { lockFolder } from '../results/lock.ts';
import { RunFileError } from '../results/run-file.ts';
import { safeName } from '../results/safe-name.ts';
import { writeAtomically } from '../results/write-atomically.ts';
import { writing } from '../results/write-error.ts';
import { badgesOf, type Badge } from './badges.ts';
import type { EncodedRun } from './encode-run.ts';
import { atomOf, jsonFeedOf } from './feeds.ts';
import { renderHistoryHtml } from './html/index-html.tsx';
import { historyPage } from './html/page.ts';
import type { HistoryRun } from './history-run.ts';
import type { HistoryIndex } from './schema.ts';
import { readCompat, readIndex, readRuns, withRuns, writeIndex, writeRuns } from './site.ts';
import { byLabel, changesOverTime } from './timeline.ts';
import { modelOfHistoryRun } from './view-of-run.ts';
import { newsOf, sentenceOfRun, toneOfRun } from './words.ts';

/** The largest number of runs with changes that the feeds and the first view show. */
const newsKept = 50;

/** Called for each file that cannot be read; only that file is left out. */
export type Say = (problem: string) => void;

/**
 * Adds runs to the site in a folder, or begins one there. What the site has of other runs is not touched: each new run gets
 * a file, and what is made from all of them (index, page, feeds, badges, `compat.json`) is made anew. Either all of the runs
 * are added, or none.
 * @param url where the site is on the web; by default the address that was given before
 * @returns how many runs the site has
 * @throws {UsageError} `run-twice`, `newer-site`, `invalid-history`, `out-is-no-site`, `out-in-use`
 * @throws {IncompleteError} `results-not-writable`
 */
export async function addToSite(
  dir: string,
  added: readonly EncodedRun[],
  { url, say }: { url?: string | undefined; say: Say },
): Promise<number> {
  // Refused before anything is made.
  withRuns(await readIndex(dir), added);
  await writing(dir, () => mkdir(dir, { recursive: true }));
  const lock = await lockFolder(dir);
  try {
    const before = await readIndex(dir);
    const index = withRuns({ ...before, url: url ?? before.url }, added);
    await writeRuns(dir, added);
    const runs = await readRuns(dir, index.runs, say);
    const badges = byRunLabel(runs).flatMap(badgesOfLabel);
    const made: HistoryIndex['made'] = {
      news: changesOverTime(runs, newsKept).flatMap((changes) => newsOf(changes) ?? []),
      last: byRunLabel(runs).flatMap(lastOf),
      badges: badges.map(({ file }) => file),
    };
    await writeIndex(dir, { ...index, made });
    await writeDerived(dir, { ...index, made }, runs, badges, say);
    return index.runs.length;
  } finally {
    await lock.release();
  }
}

/** Writes what is made from all runs, replacing what was made before. */
async function writeDerived(
  dir: string,
  index: HistoryIndex,
  runs: readonly HistoryRun[],
  badges: readonly Badge[],
  say: Say,
): Promise<void> {
  const files: Record<string, string> = {
    ...(await pageFiles(historyPage)),
    'feed.atom': atomOf(index),
    'feed.json': jsonFeedOf(index),
    // written last, because it shows the others
    'index.html': renderHistoryHtml(index),
  };
  const differences = await differencesOf(dir, runs, say);
  const compat = join(dir, 'compat.json');
  if (differences === null) await writing(compat, () => rm(compat, { force: true }));
  else files['compat.json'] = `${JSON.stringify(compatOf(differences), null, 2)}\n`;
  // Otherwise a badge of something that is in no run any more would go on to show its last state.
  const folder = join(dir, 'badges');
  await writing(folder, () => rm(folder, { recursive: true, force: true }));
  for (const { file, svg } of badges) files[file] = svg;
  for (const [name, content] of Object.entries(files)) {
    const path = join(dir, name);
    await writing(path, () => mkdir(dirname(path), { recursive: true }));
    await writeAtomically(path, content);
  }
}

/** Runs of each label, the label of the newest run first; each the oldest first. */
function byRunLabel(runs: readonly HistoryRun[]): HistoryRun[][] {
  const byId = new Map(runs.map((run) => [run.entry.id, run]));
  return [...byLabel(runs.map(({ entry }) => entry)).values()].map((of) =>
    of.flatMap(({ id }) => byId.get(id) ?? []),
  );
}

/** The badges of the last run of a label. */
function badgesOfLabel(runs: readonly HistoryRun[]): Badge[] {
  const last = runs.at(-1);
  if (last === undefined) return [];
  const { label } = last.entry;
  return badgesOf(modelOfHistoryRun(last), label === '' ? 'badges/' : `badges/${safeName(label)}/`);
}

/** The last run of a label in a sentence. */
function lastOf(runs: readonly HistoryRun[]): HistoryIndex['made']['last'] {
  const last = runs.at(-1);
  if (last === undefined) return [];
  const model = modelOfHistoryRun(last, runs.at(-2));
  return [{ id: last.entry.id, sentence: sentenceOfRun(model), tone: toneOfRun(model) }];
}

/** The differences from browser-compat-data in the last run of each label that looked, the newest first; null if none did. */
async function differencesOf(
  dir: string,
  runs: readonly HistoryRun[],
  say: Say,
): Promise<Difference[] | null> {
  const found = new Map<string, Difference>();
  let looked = false;
  for (const of of byRunLabel(runs)) {
    const compat = of.findLast((run) => run.compat !== null)?.compat ?? null;
    if (compat === null) continue;
    looked = true;
    try {
      for (const each of await readCompat(dir, compat)) {
        const key = `${each.path} ${each.browser}`;
        if (!found.has(key)) found.set(key, each);
      }
    } catch (error) {
      if (!(error instanceof UsageError || error instanceof RunFileError)) throw error;
      say(`compat.json lacks what a run found: ${messageOf(error)}`);
    }
  }
  return looked ? [...found.values()] : null;
}
