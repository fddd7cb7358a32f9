import type { BrowserSpec } from '../config/browser-spec.ts';
import type { PublicSignaling } from '../config/signaling.ts';
import type { RunningBrowser } from '../drivers/driver.ts';
import type { PlannedCell } from '../matrix/plan.ts';
import type { OwnPages, Scenario } from '../matrix/scenario.ts';
import type { Services } from '../matrix/service.ts';
import type { Script } from '../config/script.ts';
import type { RunPlan } from '../results/plan-file.ts';
import type { Cell, Problem, Run } from '../results/schema.ts';
import type { StoppedRun } from '../results/stopped-run.ts';
import type { Modules } from './modules.ts';

export interface RunOptions {
  browsers: readonly BrowserSpec[];
  scenarios: readonly Scenario[];
  /** They run in this order; one listed several times runs several times. When a run is resumed, those that are left. */
  cells: readonly PlannedCell[];
  /** As `--pairs` has them: a pair that names a browser which cannot connect has a cell for each scenario all the same. */
  pairs?: readonly string[];
  shard: Run['shard'];
  /** The folder of the run. */
  out: string;
  /** The pointer to the newest run, or null for none. */
  latest: string | null;
  /** Cells that run at once; `auto`: as many as the machine can take. */
  jobs: number | 'auto';
  /** Further attempts of a cell that is not a pass. */
  retries: number;
  /** Takes the first outcome of a crash; otherwise it is run again at once, up to twice. */
  strict?: boolean;
  /** A cell's time, unless its scenario says otherwise. */
  timeoutMs: number;
  headed: boolean;
  /** Whether pages that a cell failed in are pictured; default true. It costs as much as a short cell. */
  screenshots?: boolean;
  /** Scripts that pages load before everything else, by side. */
  scripts: { offerer: readonly Script[]; answerer: readonly Script[] };
  /** The user's own pages, by side, for every scenario that names none. */
  pages?: OwnPages;
  /** Where browsers elsewhere find the fixture. */
  signaling?: PublicSignaling;
  /** Processes that run as long as the run does; every scenario finds their addresses. */
  services?: Services;
  /** Where their commands run; default: where the harness does. */
  folder?: string;
  /** webrtc-adapter, for the sides of scenarios that ask for it. */
  adapter: Script;
  /** What its scenarios' pages load; default: bundled when it begins. */
  modules?: Modules;
  /** What `--resume` needs to know of it; without it the run cannot be resumed. */
  plan?: RunPlan;
  /** The interrupted run that is resumed. */
  stopped?: StoppedRun;
  argv: readonly string[];
  /** The command that repeats a cell. */
  repro: (cell: PlannedCell) => string;
  /** Whether the outcome of a cell is a known failure, which gets no second look. */
  isKnown?: (cell: Cell) => boolean;
  /** Whether a cell is known to wait until its time is over. */
  isToTimeOut?: (cell: PlannedCell) => boolean;
  /** Ends the run and aborts cells under way. */
  signal: AbortSignal;
}

/** Events during a run, for progress. */
export interface RunEvents {
  /** Also after a restart. */
  browserStarted?(id: string, browser: RunningBrowser, afterMs: number): void;
  /** A person has to open an address on a device; `again`: the device was there, and has gone. */
  deviceWanted?(wanted: { id: string; url: string; again: boolean }): void;
  browserFailed?(id: string, error: unknown): void;
  cellStarted?(cell: PlannedCell): void;
  cellFinished?(cell: Cell): void;
  /** The machine's load may have decided the outcome of a cell: it runs again, alone, before it is finished. */
  cellInDoubt?(cell: Cell): void;
  /** Something went wrong that no cell reports. */
  problem?(problem: Problem): void;
}
