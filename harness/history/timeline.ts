import { changesBetween, type RunChanges } from './changes.ts';
import type { HistoryRun } from './history-run.ts';

/** Runs by label, the label of the newest run first; the runs of each label, the oldest first. */
export function byLabel<T extends { label: string; startedAt: string }>(
  entries: readonly T[],
): Map<string, T[]> {
  const series = new Map<string, T[]>();
  for (const entry of entries) {
    const of = series.get(entry.label);
    if (of === undefined) series.set(entry.label, [entry]);
    else of.push(entry);
  }
  const newest = (of: readonly T[]): string => of.at(-1)?.startedAt ?? '';
  return new Map([...series].toSorted(([, a], [, b]) => (newest(a) < newest(b) ? 1 : -1)));
}

/** What changed from each run to the next one of its label, the newest first. */
export function changesOverTime(runs: readonly HistoryRun[], most: number): RunChanges[] {
  const last = new Map<string, HistoryRun>();
  const steps: [HistoryRun, HistoryRun][] = [];
  for (const run of runs) {
    const before = last.get(run.entry.label);
    if (before !== undefined) steps.push([before, run]);
    last.set(run.entry.label, run);
  }
  const told: RunChanges[] = [];
  for (const [before, after] of steps.toReversed()) {
    if (told.length === most) break;
    const changes = changesBetween(before, after);
    if (changes.groups.length > 0 || changes.steps.length > 0) told.push(changes);
  }
  return told;
}
