import { randomUUID } from 'node:crypto';
import { launches } from '../config/launch.ts';
import { needsPublic } from '../config/signaling.ts';
import type { PlannedCell } from '../matrix/plan.ts';
import { writePlan } from '../results/plan-file.ts';
import { browsersOfRun, differentBrowsers, resumeDiffers } from '../results/same-run.ts';
import type { StoredRun } from '../results/read-run.ts';
import type { BrowserResult, Cell, Problem, Run } from '../results/schema.ts';
import type { StoppedRun } from '../results/stopped-run.ts';
import { openStore, type ResultStore } from '../results/store.ts';
import { Admission, boundsOf, loadOver } from './admission.ts';
import { elsewhere } from './elsewhere.ts';
import { environment, harnessVersion } from './environment.ts';
import { Modules } from './modules.ts';
import type { RunEvents, RunOptions } from './options.ts';
import { busyShare, processorTime } from './processor.ts';
import { mostInDoubt } from './second-look.ts';
import { Session } from './session.ts';
import { withSources } from './sources.ts';
import { Together } from './together.ts';

/** A run under way. */
export interface OpenedRun {
  readonly session: Session;
  /**
   * Starts the browsers of a cell, and records which they are: a resumed run has to have the same.
   * @throws {IncompleteError} `results-not-writable`
   */
  ready(cell: PlannedCell): Promise<void>;
  /**
   * Ends the browsers and writes the results.
   * @param planned how many cells were to run, if that was not known at the start
   */
  finish(planned?: number): Promise<StoredRun>;
  /** Ends everything, finished or not. */
  close(): Promise<void>;
}

/** Opens a store and a session for a plan; `finish` writes the results and ends everything. */
export async function openRun(options: RunOptions, events: RunEvents = {}): Promise<OpenedRun> {
  needsPublic(options.browsers, options.signaling); // before making a folder for an impossible run
  const { stopped, out, latest } = options;
  const planned = new Set((stopped?.plan ?? options).cells.map(({ scenario }) => scenario));
  const scenarios = options.scenarios.filter(({ result }) => planned.has(result.id));
  const modules = options.modules ?? (await Modules.bundle(scenarios, options.browsers));
  const declared = await withSources(scenarios);
  const begun: Run = stopped
    ? { ...stopped.header.run, finishedAt: null, complete: false, interrupted: false }
    : {
        id: randomUUID(),
        startedAt: new Date().toISOString(),
        finishedAt: null,
        complete: false,
        interrupted: false,
        argv: [...options.argv],
        harness: await harnessVersion(),
        environment: environment(),
        shard: options.shard,
        plannedCells: options.cells.length,
      };
  let opening: Promise<ResultStore> | undefined;
  /** A resumed run changes nothing in its folder until its browsers are known to be the same. */
  const store = (): Promise<ResultStore> =>
    (opening ??= openStore(out, { ...(latest === null ? {} : { latest }), ...(stopped ? { stopped } : {}) }));
  const closeStore = async (): Promise<void> => {
    // Those who wanted to write got the error.
    await (await opening?.catch(() => undefined))?.close();
    await stopped?.release();
  };
  try {
    if (!stopped) {
      const { dir, writeHeader } = await store();
      if (options.plan) await writePlan(dir, options.plan);
      await writeHeader(begun, [], declared);
    }
    const cells = {
      appendCell: async (cell: Cell) => (await store()).appendCell(cell),
      writeEvidence: async (...evidence: Parameters<ResultStore['writeEvidence']>) =>
        (await store()).writeEvidence(...evidence),
    };
    const problems: Problem[] = [...(begun.problems ?? [])];
    let probed = (): BrowserResult[] => [];
    const ids = options.browsers.map(({ id }) => id);
    const browsers = (): BrowserResult[] => browsersOfRun(ids, stopped?.header.browsers ?? [], probed());
    let writing: Promise<unknown> = Promise.resolve();
    /** Writes what is known by now; those who wait for `writing` get the error if it cannot be written. */
    const keepHeader = (): void => {
      writing = writing.then(async () =>
        (await store()).writeHeader({ ...begun, problems }, browsers(), declared),
      );
      writing.catch(() => undefined);
    };
    const problem = (one: Problem): void => {
      problems.push(one);
      events.problem?.(one);
      keepHeader();
    };
    const session = await Session.open(options, { ...events, problem }, cells, scenarios, modules);
    probed = () => session.browserResults();
    let known = 0;
    const close = async (): Promise<void> => {
      await session.close();
      await writing.catch(() => undefined);
      await closeStore();
    };
    return {
      session,
      close,
      async ready(cell) {
        await session.started(cell);
        const now = browsers().reduce((starts, { asShipped }) => starts + (asShipped ? 2 : 1), 0);
        if (now > known) keepHeader();
        known = now;
        await writing;
      },
      async finish(plannedCells = begun.plannedCells) {
        await session.close();
        await writing;
        if (session.storeError !== undefined) throw session.storeError;
        const interrupted = options.signal.aborted;
        // The store itself knows whether every planned cell was reported.
        const ended: Run = {
          ...begun,
          finishedAt: new Date().toISOString(),
          complete: !interrupted && !problems.some(({ incomplete }) => incomplete),
          interrupted,
          plannedCells,
          problems,
        };
        return (await store()).finish(ended, browsers(), declared);
      },
    };
  } catch (error) {
    await closeStore();
    throw error;
  }
}

/**
 * Starts every browser that a stopped run still needs, and compares it with what the run had.
 * @throws {UsageError} `resume-differs`
 */
async function checkBrowsers(
  session: Session,
  { header }: StoppedRun,
  cells: readonly PlannedCell[],
): Promise<void> {
  // Those of another launch start when these have ended, and have to be of the same version.
  await Promise.all(cells.map((cell) => session.started(cell, launches[0])));
  const differ = differentBrowsers(header.browsers, session.browserResults());
  if (differ.length > 0) throw resumeDiffers(differ);
}

/** Short compared with most cells, long compared with the steps in which processor time is counted. */
const lookMs = 250;

/** Reports to an admission how busy the processors are; returns the function that stops it. */
function lookAtProcessors(admission: Admission): () => void {
  let before = processorTime();
  const timer = setInterval(() => {
    const now = processorTime();
    const busy = busyShare(before, now);
    before = now;
    if (busy !== null) admission.look(busy);
  }, lookMs);
  return () => clearInterval(timer);
}

/** Launches, probes, runs every cell, stores. Rejects only if nothing could be run or stored at all. */
export async function run(options: RunOptions, events: RunEvents = {}): Promise<StoredRun> {
  const { session, ready, finish, close } = await openRun(options, events);
  try {
    if (options.stopped) await checkBrowsers(session, options.stopped, options.cells);
    const far = elsewhere(options.browsers, options.jobs);
    const admission = new Admission(boundsOf(options.jobs), far.cells);
    const isKnown = options.isKnown ?? (() => false);
    let doubts = 0;
    const together = new Together(session, options.cells);
    const stopLooking = lookAtProcessors(admission);
    try {
      const runCell = async (cell: PlannedCell, at: number): Promise<void> => {
        await ready(cell);
        if (await together.has(cell, at, (record) => admission.run('light', at, record, far.placeOf(cell))))
          return;
        const attempt = () => session.tryCell(cell, isKnown);
        const load = loadOver(session.loadOf(cell), options.isToTimeOut?.(cell) === true);
        const came = await admission.run(load, at, attempt, far.placeOf(cell));
        if (!('inDoubt' in came)) return;
        doubts += 1;
        if (doubts > mostInDoubt(options.cells.length)) await session.leaveInDoubt(came);
        else await admission.runAlone(at, () => session.runAlone(came));
      };
      // One launch mode after the other, so that browsers restart once: some cannot run twice at the same time.
      for (const launch of launches) {
        // Cells of browsers that are up do not wait for one that takes longer to start.
        await Promise.all(
          options.cells.map((cell, at) =>
            session.launchOf(cell) === launch ? runCell(cell, at) : Promise.resolve(),
          ),
        );
        await session.end(launch);
      }
    } finally {
      stopLooking();
    }
    return await finish();
  } finally {
    await close();
  }
}
