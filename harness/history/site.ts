import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { UsageError } from '../errors.ts';
import { compressedCall, fileOfChunk, jsonCall, readCall } from '../report/chunk-file.ts';
import { readRunText, RunFileError } from '../results/run-file.ts';
import { jsonIn } from '../results/validate.ts';
import { writeAtomically } from '../results/write-atomically.ts';
import { writing } from '../results/write-error.ts';
import type { EncodedRun } from './encode-run.ts';
import { HistoryRun } from './history-run.ts';
import {
  compatSchema,
  historyVersion,
  indexSchema,
  runSchema,
  scenariosSchema,
  type HistoryIndex,
  type RunEntry,
  type ScenarioTable,
} from './schema.ts';

/** Larger than any file of a site, in bytes. */
const mostBytes = 64 * 1024 * 1024;

/** A site, but for what it was made with. */
export type SiteIndex = Omit<HistoryIndex, 'made'>;

const damaged = (path: string, why: string): UsageError =>
  new UsageError('invalid-history', `${path} ${why}. Bring it back from a copy of the site.`);

/** The content of a file of data. @throws {UsageError} `invalid-history` @throws {RunFileError} */
async function read<T>(dir: string, chunk: string, schema: z.ZodType<T>): Promise<T> {
  const path = fileOfChunk(chunk);
  const json = await readCall(await readRunText(dir, path, mostBytes), chunk, mostBytes);
  const parsed = schema.safeParse(json === null ? undefined : jsonIn(json));
  if (parsed.success) return parsed.data;
  throw damaged(`${dir}/${path}`, 'is not as it was written');
}

/** The version that an index says it has. */
function versionIn(json: string | null): unknown {
  const value = json === null ? undefined : jsonIn(json);
  return typeof value === 'object' && value !== null ? Reflect.get(value, 'history') : undefined;
}

/**
 * The index of the site in a folder; an empty one if the folder is empty or does not exist.
 * @throws {UsageError} `newer-site`, `invalid-history`, or `out-is-no-site` if there is something else
 */
export async function readIndex(dir: string): Promise<SiteIndex> {
  const path = fileOfChunk('history');
  let text: string;
  try {
    text = await readRunText(dir, path, mostBytes);
  } catch (error) {
    if (!(error instanceof RunFileError)) throw error;
    if (error.code !== 'file-missing') throw damaged(`${dir}/${path}`, `cannot be read: ${error.message}`);
    if (!existsSync(join(dir, 'index.html')) && !existsSync(join(dir, 'data')))
      return { history: historyVersion, url: null, runs: [] };
    throw new UsageError(
      'out-is-no-site',
      `${dir} has an index.html or data/ of something else. Name a folder of its own with --out.`,
    );
  }
  const version = versionIn(await readCall(text, 'history', mostBytes));
  if (typeof version === 'number' && version > historyVersion) {
    throw new UsageError(
      'newer-site',
      `${dir} was made by a newer webrtc-interop (form ${String(version)}; this one knows ${String(historyVersion)}), so nothing is written. Update webrtc-interop.`,
    );
  }
  const { history, url, runs } = await read(dir, 'history', indexSchema);
  return { history, url, runs };
}

/**
 * Reads runs of a site. One that cannot be read is left out and reported.
 * @returns the oldest first
 */
export async function readRuns(
  dir: string,
  entries: readonly RunEntry[],
  say: (problem: string) => void,
): Promise<HistoryRun[]> {
  const tables = new Map<string, Promise<ScenarioTable>>();
  const tableOf = (name: string): Promise<ScenarioTable> => {
    const table = tables.get(name) ?? read(dir, `scenarios/${name}`, scenariosSchema);
    tables.set(name, table);
    return table;
  };
  const runs: HistoryRun[] = [];
  for (const entry of entries) {
    try {
      const data = await read(dir, `runs/${entry.file}`, runSchema);
      runs.push(new HistoryRun(entry, data, await tableOf(data.scenarios)));
    } catch (error) {
      if (!(error instanceof RunFileError || error instanceof UsageError)) throw error;
      say(`The run of ${entry.startedAt} (${entry.id}) is left out: ${error.message}`);
    }
  }
  return runs;
}

/** A run's differences from browser-compat-data. @throws {RunFileError} @throws {UsageError} `invalid-history` */
export const readCompat = (dir: string, name: string) => read(dir, `compat/${name}`, compatSchema);

/** The index with more runs. @throws {UsageError} `run-twice` */
export function withRuns(index: SiteIndex, added: readonly EncodedRun[]): SiteIndex {
  const known = new Map(index.runs.map((entry) => [entry.id, `in the site already`]));
  for (const { entry } of added) {
    const where = known.get(entry.id);
    if (where !== undefined)
      throw new UsageError(
        'run-twice',
        `The run ${entry.id}, begun ${entry.startedAt}, is ${where}, so nothing is written. Name each run once.`,
      );
    known.set(entry.id, 'named twice');
  }
  const runs = [...index.runs, ...added.map(({ entry }) => entry)].toSorted((a, b) =>
    a.startedAt === b.startedAt ? (a.id < b.id ? -1 : 1) : a.startedAt < b.startedAt ? -1 : 1,
  );
  return { ...index, runs };
}

/**
 * Writes the data of runs that the index of a site does not name yet. Files of runs that it names stay as they are.
 * @throws {IncompleteError} `results-not-writable`
 */
export async function writeRuns(dir: string, added: readonly EncodedRun[]): Promise<void> {
  await writing(dir, () => mkdir(join(dir, 'data'), { recursive: true }));
  for (const { entry, data, scenarios, compat } of added) {
    await writeOnce(dir, `scenarios/${data.scenarios}`, scenarios);
    if (compat !== null && data.compat !== null) await writeOnce(dir, `compat/${data.compat}`, compat);
    const chunk = `runs/${entry.file}`;
    await writeAtomically(join(dir, fileOfChunk(chunk)), await compressedCall(chunk, JSON.stringify(data)));
  }
}

/** Writes content under the name of its hash, unless it exists. */
async function writeOnce(dir: string, chunk: string, value: unknown): Promise<void> {
  const path = join(dir, fileOfChunk(chunk));
  if (!existsSync(path)) await writeAtomically(path, await compressedCall(chunk, JSON.stringify(value)));
}

/** Writes the index; from then on the site has the runs. @throws {IncompleteError} `results-not-writable` */
export const writeIndex = (dir: string, index: HistoryIndex): Promise<void> =>
  writeAtomically(join(dir, fileOfChunk('history')), jsonCall('history', index));
