import { z } from 'zod';
import { changeKinds } from '../compare/changes.ts';
import { differenceSchema } from '../report/compat.ts';
import { engineSchema, statuses, phases } from '../results/schema.ts';

/**
 * The version of the format of a site's data, `history` in its index. A site with another version is not touched.
 *
 * `data/history.js` is the index: an entry per run. `data/runs-<file>.js` has the outcome of every cell of one run, written
 * once. `data/scenarios-<hash>.js` and `data/compat-<hash>.js` are what runs share, each stored once, by its content.
 */
export const historyVersion = 1;

const browser = z.object({
  id: z.string(),
  kind: z.string(),
  engine: engineSchema,
  product: z.string(),
  version: z.string(),
  connects: z.boolean().nullable().describe('Whether it has RTCPeerConnection; null where nobody asked it.'),
});

/** A name of a file of data: plain characters only. */
const fileName = z.string().regex(/^[\w.~-]+$/);

const runEntry = z.object({
  id: z.string(),
  label: z.string().describe('Runs of one label are one series; empty where none was given.'),
  startedAt: z.iso.datetime(),
  complete: z.boolean(),
  verdict: z.object({ kind: z.enum(['good', 'bad', 'incomplete']), sentence: z.string() }),
  /**
   * Counts of cells, without canaries and pairs that cannot connect; `judged` are passes and failures, `new` failures that
   * no expectation knew.
   */
  tally: z.object({
    judged: z.number(),
    passed: z.number(),
    new: z.number(),
    known: z.number(),
    lost: z.number(),
    flaky: z.number(),
  }),
  system: z.string(),
  harness: z.string(),
  browsers: z.array(browser),
  file: fileName,
});

const newsCell = z.object({
  scenario: z.string(),
  title: z.string(),
  offerer: z.string(),
  answerer: z.string().nullable(),
  kind: z.enum(changeKinds),
  worse: z.boolean(),
  /** What it was, what it is, and why, in words. */
  text: z.string(),
});

/** What changed from one run to the next one of its label. */
const news = z.object({
  before: z.string(),
  after: z.string(),
  groups: z.array(
    z.object({
      /** `Firefox 153.7 → 154.0`, or that no version changed. */
      versions: z.string(),
      counts: z.string(),
      /** Some of them, the most pressing first. */
      cells: z.array(newsCell),
      more: z.number(),
    }),
  ),
});

/** `data/history.js`, chunk `history`. */
export const indexSchema = z.object({
  history: z.literal(historyVersion),
  /** The site's address on the web, with a slash at its end; null if it was not given. */
  url: z.string().nullable(),
  /** In the order in which they began, the oldest first. */
  runs: z.array(runEntry),
  /** What is rebuilt from the runs whenever one is added. */
  made: z.object({
    /** The newest first. */
    news: z.array(news),
    /** The last run of each label, the newest first, in a sentence: compared with the run before it, if there is one. */
    last: z.array(
      z.object({ id: z.string(), sentence: z.string(), tone: z.enum(['passed', 'known', 'new', 'lost']) }),
    ),
    /** Files of badges, relative to the site. */
    badges: z.array(z.string()),
  }),
});

const cause = z.object({
  signature: z.string(),
  status: z.enum(statuses),
  phase: z.enum(phases).nullable(),
  message: z.string(),
  known: z.object({ why: z.string(), bug: z.string().nullable(), sometimes: z.boolean() }).nullable(),
  lost: z.literal(true).optional().describe('Nobody knew that its browsers lack what they lack.'),
});

/** `data/runs-<file>.js`, chunk `runs/<file>`. */
export const runSchema = z.object({
  id: z.string(),
  scenarios: fileName.describe('The table of its scenarios: chunk `scenarios/<this>`.'),
  pairs: z.array(z.object({ offerer: z.string(), answerer: z.string().nullable() })),
  /** By place of the pair, a letter for each scenario of the table, see `outcomeLetters`; `.` for a cell that is missing. */
  outcomes: z.array(z.string()),
  /** The place in `reasons` of each cell that has one (see `hasReason`), pair by pair, in the order of the scenarios. */
  why: z.array(z.number().int().nonnegative()),
  /** Why cells have their outcomes, by places in `causes`: of outcomes that stand, and of attempts that a retry replaced. */
  reasons: z.array(z.object({ stands: z.array(z.number()), retried: z.array(z.number()) })),
  causes: z.array(cause),
  /** Its differences from browser-compat-data: chunk `compat/<this>`; null if it did not look for them. */
  compat: fileName.nullable(),
});

/** `data/scenarios-<hash>.js`. */
export const scenariosSchema = z.array(
  z.object({
    id: z.string(),
    title: z.string(),
    question: z.string(),
    version: z.number(),
    level: z.enum(['must', 'should', 'info']),
    roles: z.enum(['pair', 'single']),
  }),
);

/** `data/compat-<hash>.js`. */
export const compatSchema = z.array(differenceSchema);

export type HistoryIndex = z.infer<typeof indexSchema>;
export type News = z.infer<typeof news>;
export type NewsCell = z.infer<typeof newsCell>;
export type RunEntry = z.infer<typeof runEntry>;
export type RunData = z.infer<typeof runSchema>;
export type RunCause = z.infer<typeof cause>;
export type ScenarioTable = z.infer<typeof scenariosSchema>;
