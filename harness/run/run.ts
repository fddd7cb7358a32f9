import { randomUUID } from 'node:crypto';
import type { Results, Run } from '../results/schema.ts';
import { openStore } from '../results/store.ts';
import { Admission, boundsOf } from './admission.ts';
import { environment, harnessVersion } from './environment.ts';
import { Modules } from './modules.ts';
import type { RunEvents, RunOptions } from './options.ts';
import { busyShare, processorTime } from './processor.ts';
import { mostInDoubt } from './second-look.ts';
import { Session } from './session.ts';

/** A run under way. */
export interface OpenedRun {
  readonly session: Session;
  /**
   * Ends the browsers and writes the results.
   * @param planned cells that there were to run, where that was not known at the start
   */
  finish(planned?: number): Promise<Results>;
  /** Ends everything, finished or not. */
  close(): Promise<void>;
}

/** Opens a store and a session for a plan; `finish` writes the results and ends everything. */
export async function openRun(options: RunOptions, events: RunEvents = {}): Promise<OpenedRun> {
  const planned = options.cells.length;
  const scenarios = options.scenarios.filter(({ result }) =>
    options.cells.some(({ scenario }) => scenario === result.id),
  );
  const modules = await Modules.bundle(scenarios, options.browsers);
  const declared = scenarios.map(({ result }) => result);
  const begun: Run = {
    id: randomUUID(),
    startedAt: new Date().toISOString(),
    finishedAt: null,
    complete: false,
    interrupted: false,
    argv: [...options.argv],
    harness: await harnessVersion(),
    environment: environment(),
    shard: options.shard,
    plannedCells: planned,
  };
  const store = await openStore(options.out, options.latest === null ? {} : { latest: options.latest });
  try {
    await store.writeHeader(begun, [], declared);
    const session = await Session.open(options, events, store, scenarios, modules);
    const close = async (): Promise<void> => {
      await session.close();
      await store.close();
    };
    return {
      session,
      close,
      async finish(plannedCells = planned) {
        await session.close();
        if (session.storeError !== undefined) throw session.storeError;
        const interrupted = options.signal.aborted;
        // The store says itself whether every planned cell was reported.
        const ended: Run = {
          ...begun,
          finishedAt: new Date().toISOString(),
          complete: !interrupted && session.problems.length === 0,
          interrupted,
          plannedCells,
        };
        return store.finish(ended, session.browserResults(), declared);
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Short against most cells, long against the steps in which processor time is counted. */
const lookMs = 250;

/** Tells an admission how busy the processors are; gives the function that ends it. */
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

/** Launches, probes, runs every cell, stores. Rejects only where nothing could be run or stored at all. */
export async function run(options: RunOptions, events: RunEvents = {}): Promise<Results> {
  const { session, finish, close } = await openRun(options, events);
  try {
    const admission = new Admission(boundsOf(options.jobs));
    const isKnown = options.isKnown ?? (() => false);
    let doubts = 0;
    const stopLooking = lookAtProcessors(admission);
    try {
      // Cells of browsers that are up do not wait for one that takes longer to start.
      await Promise.all(
        options.cells.map(async (cell, at) => {
          await session.started(cell);
          const came = await admission.run(session.loadOf(cell), at, () => session.tryCell(cell, isKnown));
          if (!('inDoubt' in came)) return;
          doubts += 1;
          if (doubts > mostInDoubt(options.cells.length)) await session.leaveInDoubt(came);
          else await admission.runAlone(at, () => session.runAlone(came));
        }),
      );
    } finally {
      stopLooking();
    }
    return await finish();
  } finally {
    await close();
  }
}
