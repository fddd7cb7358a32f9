import { loadChunk, LoadError } from '../../report/page/load.ts';
import { HistoryRun } from '../history-run.ts';
import type { HistoryIndex, RunData, RunEntry, ScenarioTable } from '../schema.ts';

const has = (data: unknown, ...names: string[]): boolean =>
  typeof data === 'object' && data !== null && names.every((name) => name in data);
export const isIndex = (data: unknown): data is HistoryIndex => has(data, 'history', 'runs', 'made');
const isRun = (data: unknown): data is RunData => has(data, 'outcomes', 'pairs', 'reasons', 'causes', 'why');
const isTable = (data: unknown): data is ScenarioTable => Array.isArray(data);

const runs = new Map<string, Promise<HistoryRun>>();

async function loaded(entry: RunEntry): Promise<HistoryRun> {
  const data = await loadChunk(`runs/${entry.file}`, isRun);
  return new HistoryRun(entry, data, await loadChunk(`scenarios/${data.scenarios}`, isTable));
}

/** A run, loaded once. @throws {LoadError} */
export function loadRun(entry: RunEntry): Promise<HistoryRun> {
  const loading = runs.get(entry.id) ?? loaded(entry);
  runs.set(entry.id, loading);
  return loading;
}

/** Runs, and what is wrong with those that cannot be loaded, a sentence each. */
export interface LoadedRuns {
  runs: HistoryRun[];
  problems: string[];
}

export async function loadRuns(entries: readonly RunEntry[]): Promise<LoadedRuns> {
  const problems: string[] = [];
  const all = await Promise.all(
    entries.map((entry) =>
      loadRun(entry).catch((error: unknown) => {
        if (!(error instanceof LoadError)) throw error;
        problems.push(error.message);
        return null;
      }),
    ),
  );
  return { runs: all.filter((run) => run !== null), problems };
}
