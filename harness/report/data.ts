import type {
  Attempt,
  BrowserResult,
  Cell,
  Evidence,
  Phase,
  Run,
  ScenarioResult,
  Status,
} from '../results/schema.ts';
import type { Verdict } from './verdict.ts';

/**
 * What the report's page reads. Every file is a script that hands one chunk to the page, so that it loads from
 * `file://`, from any static host and under a policy without inline script:
 *
 *     webrtcInterop("index", {…});
 *
 * `data/index.js` is loaded with the page, everything else when a reader asks for it.
 */
export interface ReportIndex {
  run: Pick<
    Run,
    'id' | 'startedAt' | 'finishedAt' | 'complete' | 'interrupted' | 'harness' | 'environment' | 'shard'
  > & {
    plannedCells: number;
  };
  verdict: Verdict;
  /** The run that this one was held against; null where there was none. */
  baseline: {
    id: string;
    startedAt: string;
    browsers: Pick<BrowserResult, 'id' | 'product' | 'version'>[];
  } | null;
  browsers: ReportBrowser[];
  /** Directed pairs in the order of the browsers, those of one browser last. Cells name them by their place. */
  pairs: { offerer: string; answerer: string | null }[];
  /** Cells name them by their place. */
  scenarios: ReportScenario[];
  /** Why cells are not a pass, each once. Cells name them by their place. */
  causes: ReportCause[];
  cells: CellColumns;
  /** What was measured anywhere, and in how many cells; each has a chunk of its own, `measured/<place>`. */
  measured: { name: string; unit: string; cells: number }[];
}

export interface ReportBrowser extends Pick<
  BrowserResult,
  'id' | 'kind' | 'engine' | 'product' | 'version' | 'driver'
> {
  /** Whether it has `RTCPeerConnection`; null where nobody asked it. */
  connects: boolean | null;
  /** Flags and preferences, `name = value`, with no path of a machine. */
  settings: string[];
}

export interface ReportScenario extends Pick<ScenarioResult, 'id' | 'title' | 'level' | 'roles'> {}

export interface ReportCause {
  signature: string;
  status: Status;
  phase: Phase | null;
  code: string;
  /** The message of the first cell, shortened. */
  message: string;
  /** What an expectation says of it, where it is known. */
  known: { why: string; bug: string | null; since: string | null } | null;
}

/** All cells as columns of the same length, in the order of the results. */
export interface CellColumns {
  scenario: number[];
  pair: number[];
  /** A letter a cell, see `outcomeLetters`. */
  outcome: string;
  /** A letter a cell, see `newsLetters`. */
  news: string;
  /** What its outcome was in the baseline, a letter a cell as in `outcome`, `.` where it was not there; empty without a baseline. */
  before: string;
  /** The place of its cause, -1 for a pass. */
  cause: number[];
  /** How long it took, in whole milliseconds. */
  ms: number[];
  /** The first cell of each chunk `cells/<place>`, rising from 0. */
  chunks: number[];
}

/** `k` is a pass that needed a retry, `d` a canary that came out as it must. */
export const outcomeLetters = {
  p: 'pass',
  k: 'flaky',
  d: 'due',
  f: 'fail',
  t: 'timeout',
  c: 'crash',
  e: 'error',
  u: 'unsupported',
  s: 'skipped',
  n: 'notrun',
} as const;

/** What is news about a cell: against what is known, and against the baseline where there is one. */
export const newsLetters = {
  '.': 'none',
  N: 'new',
  K: 'known',
  F: 'fixed',
  L: 'lost',
} as const;

/** `cells/<n>`: cells in full, in the order of the results. */
export interface CellChunk {
  first: number;
  cells: CellDetail[];
}

export interface CellDetail extends Pick<
  Cell,
  'reason' | 'phase' | 'signature' | 'startedAt' | 'durationMs' | 'checks' | 'measurements' | 'repro' | 'load'
> {
  /** What the scenario asks, and where that is demanded. */
  description: string;
  specUrls: string[];
  version: number;
  attempts: Omit<Attempt, 'evidence'>[];
  evidence: PackedEvidence[];
}

/** A file of evidence, and where its bytes are: in chunk `packs/<pack>`, under its hash. */
export interface PackedEvidence extends Evidence {
  /** null where the file is missing or no longer what the run wrote. */
  pack: number | null;
  /** From 1, the attempt that left it. */
  attempt: number;
}

/** `packs/<n>`: files by their SHA-256, each compressed (raw deflate) and in base64. */
export type PackChunk = Record<string, string>;

/** `measured/<n>`: one measurement, its values by place of the pair, each with the place of its cell. */
export interface MeasuredChunk {
  values: { pair: number; values: number[]; cells: number[] }[];
}
