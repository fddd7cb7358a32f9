import type {
  Attempt,
  BrowserResult,
  Cell,
  Check,
  Claim,
  Evidence,
  Phase,
  Run,
  ScenarioResult,
  Status,
} from '../results/schema.ts';

/**
 * What the report's page reads. Every file is a script of calls whose arguments are plain strings, so that it loads from
 * `file://`, from any static host and under a policy without inline script. A chunk is one call:
 *
 *     webrtcInterop("index","json","{\"run\":…}");
 *     webrtcInterop("cells/1","deflate-raw","<base64>");
 *
 * Its third argument is the JSON of the chunk: as it is, or compressed for `DecompressionStream` and in base64. It is
 * never a literal of an object: `__proto__` in it stays a name. `data/index.js` is loaded with the page, `data/cells-1.js`
 * (chunk `cells/1`), `data/measured-0.js` (chunk `measured/0`), `data/inventories.js` and `data/claims.js` when a reader asks
 * for them.
 * `report` replaces `data/`, whatever was in it.
 *
 * Evidence lies in packs, `evidence/pack-0001.js` as the run wrote them, or `data/pack-0001.js` where `report` had to make
 * one (evidence in files, as runs of `schemaVersion` 1.0.0 have it; a pack with an invalid line). A pack is a file of
 * lines, each of them one call, which `report` has checked (`pack-line.ts` of `harness/results`) before the page may load it:
 *
 *     evidence("deflate-raw","<sha256>:<bytes> <sha256>:<bytes>","<base64>");
 *
 * The third argument, inflated unless the first one is `identity`, stands for the files one after another, in the
 * order and with the lengths of the second. `deflate-raw:<line>` is inflated with the last 32 KiB of the files of that line of
 * the pack, from 0, as dictionary. A page stops inflating beyond their sum, and checks each file against its hash
 * where it can (`crypto.subtle` wants https, localhost or `file:`): a file that differs was changed after the run.
 */
export type ChunkName = 'index' | 'inventories' | 'claims' | `cells/${number}` | `measured/${number}`;
export type ChunkEncoding = 'json' | 'deflate-raw';
/** The page's function that every file in `data/` calls, a global. A history's site has chunks with other names. */
export type TakeChunk = (name: string, encoding: ChunkEncoding, text: string) => void;

export type PackEncoding = 'identity' | 'deflate-raw' | `deflate-raw:${number}`;
/** The page's global function `evidence`, which every line of a pack calls. `files`: `<sha256>:<bytes>`, joined by spaces. */
export type TakeEvidence = (encoding: PackEncoding, files: string, base64: string) => void;

/** The outcome of a run, in a sentence. */
export interface Verdict {
  /** `good` only if every planned cell was reported and nothing is unexpected. */
  kind: 'good' | 'bad' | 'incomplete';
  sentence: string;
}

/** `index`: all that the first paint, the matrix, the news and the filter need. */
export interface ReportIndex {
  run: Pick<
    Run,
    'id' | 'startedAt' | 'finishedAt' | 'complete' | 'interrupted' | 'harness' | 'environment' | 'shard'
  > & {
    plannedCells: number;
  };
  verdict: Verdict;
  /** The run that this one was compared with; null if there was none. */
  baseline: {
    id: string;
    startedAt: string;
    browsers: Pick<BrowserResult, 'id' | 'engine' | 'product' | 'version'>[];
  } | null;
  browsers: ReportBrowser[];
  /** Directed pairs in the order of the browsers, those of one browser last. Cells refer to them by their place. */
  pairs: { offerer: string; answerer: string | null }[];
  /** Cells refer to them by their place. */
  scenarios: ReportScenario[];
  /** Why cells are not a pass, each once. Cells refer to them by their place. */
  causes: ReportCause[];
  cells: CellColumns;
  /** What was measured anywhere, and in how many cells; each has a chunk of its own, `measured/<place>`. */
  measured: { name: string; unit: string; cells: number }[];
  /** The tables of chunk `inventories`, in its order. */
  inventories: { area: string; title: string }[];
  /** How many members chunk `claims` is about. */
  claims: number;
}

export interface ReportBrowser extends Pick<
  BrowserResult,
  'id' | 'kind' | 'engine' | 'product' | 'version' | 'driver'
> {
  /** Whether it has `RTCPeerConnection`; null if nobody asked it. */
  connects: boolean | null;
  /** Flags and preferences, `name = value`, without paths of the machine. */
  settings: string[];
}

export interface ReportScenario extends Pick<ScenarioResult, 'id' | 'title' | 'level' | 'roles'> {
  /** Its description: what it asks. */
  question: string;
}

export interface ReportCause {
  signature: string;
  status: Status;
  phase: Phase | null;
  code: string;
  /** The message of the first cell, shortened. */
  message: string;
  /** What an expectation says about it, if it is known. */
  known: { why: string; bug: string | null; since: string | null } | null;
  /** The command that runs the first cell again. */
  repro: string;
}

/** All cells as columns of the same length, in the order of the results. */
export interface CellColumns {
  scenario: number[];
  pair: number[];
  /** One letter per cell, see `outcomeLetters`. */
  outcome: string;
  /** One letter per cell, see `newsLetters`. */
  news: string;
  /** The outcome in the baseline, one letter per cell as in `outcome`, `.` if it was not there; empty without a baseline. */
  before: string;
  /** The place of its cause, -1 for a pass. */
  cause: number[];
  /** How long it took, in whole milliseconds. */
  ms: number[];
  /** The first cell of each chunk `cells/<place>`, ascending from 0. */
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

/** What is new about a cell: compared with what is known, and with the baseline if there is one. */
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
  /** Where specifications demand what the scenario asks. */
  specUrls: string[];
  version: number;
  /** How many scenarios of the pair were recorded together with it, itself included; 1 for a cell that was run. */
  together: number;
  /** The file that declares the scenario. */
  source: Exclude<ScenarioResult['source'], undefined> | null;
  attempts: Omit<Attempt, 'evidence'>[];
  evidence: PackedEvidence[];
  /** For a cell that is not a pass, the last pass in the baseline, with its offers and answers; null if there is none. */
  lastPass: { startedAt: string; evidence: PackedEvidence[] } | null;
}

/** A file of evidence, and where its bytes are. */
export interface PackedEvidence extends Omit<Evidence, 'pack'> {
  /** Relative to index.html without its `.js`, e.g. `evidence/pack-0001`; null if there is nothing to show. */
  pack: string | null;
  /** Why there is nothing to show; null if there is a pack. */
  problem: 'missing' | 'changed' | 'refused' | null;
  /** The number of the attempt that left it, from 1. */
  attempt: number;
}

/** `measured/<n>`: one measurement, its values by place of the pair, each with the place of its cell. */
export interface MeasuredChunk {
  values: { pair: number; values: number[]; cells: number[] }[];
}

/** `inventories`: what scenarios about one browser found, one table each: what was looked at × browsers. */
export interface ReportInventory {
  area: string;
  title: string;
  /** What was looked at; rows refer to it by its place. */
  names: string[];
  /** Where each of `names` is written about, by its place. */
  links: { text: string; url: string }[][];
  /** Whether rows are compared with what MDN says about them. */
  compared: boolean;
  columns: {
    /** The place of the cell that found it. */
    cell: number;
    /** What the column is about besides its browser. */
    name: string | null;
    /** What holds for everything that `rows` does not name. */
    otherwise: string;
    /** What was found, what MDN says, the verdict on both, the proof of it, and whether it differs from what MDN says. */
    rows: {
      of: number;
      value: string;
      said: string | null;
      verdict: string | null;
      proof: string | null;
      differs: boolean;
    }[];
  }[];
}

/** `claims`: what browsers say in the members of dictionaries, compared with what is known: member × browser, by area. */
export interface ReportClaims {
  area: string;
  /** Grouped by dictionary. */
  members: {
    dictionary: string;
    member: string;
    /** In the order of the cells, each with the place of its cell. */
    claims: (Pick<Claim, 'peer' | 'verdict' | 'unit'> &
      Pick<Check, 'expected' | 'actual'> & { cell: number })[];
  }[];
}
