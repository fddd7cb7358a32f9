import { z } from 'zod';
import { peerEngines } from '../config/browsers.ts';

/** Version of the format below; a change needs a bump and a migration note in ARCHITECTURE.md. */
export const schemaVersion = '1.2.0';

/**
 * The versions that are read: 1.0.0 has each file of evidence by itself, and lists among the attempts the one that the cell
 * stands for; up to 1.1.0 each cell of a pair that cannot connect is stored by itself, and a library has the engine `webkit`.
 */
export const readableVersions = ['1.0.0', '1.1.0', schemaVersion] as const;

export const statuses = [
  'pass',
  'fail',
  'timeout',
  'crash',
  'unsupported',
  'error',
  'skipped',
  'notrun',
] as const;
export const phases = [
  'launch',
  'signaling',
  'sdp',
  'ice',
  'dtls',
  'sctp',
  'media',
  'assert',
  'teardown',
] as const;
export const evidenceKinds = [
  'offer',
  'answer',
  'signaling-log',
  'stats',
  'console',
  'screenshot',
  'frame',
  'trace',
] as const;

const status = z.enum(statuses).describe('What came of the cell; see the contract for when each applies.');
const phase = z.enum(phases).nullable().describe('How far it got; null for a pass.');
const role = z.enum(['offerer', 'answerer', 'single']);

const reason = z
  .object({
    code: z
      .string()
      .describe('Stable kebab-case code of the cause, e.g. assertion, wait-timeout, lacks-capability.'),
    message: z
      .string()
      .describe('One sentence or more for a person; may hold text from a page, so escape it.'),
    peer: role
      .nullable()
      .describe(
        'The side that it was seen at or that lacks something, not always the one to blame; null when neither.',
      ),
  })
  .describe('Why the cell is not a pass.');

export const claimVerdicts = ['right', 'wrong', 'absent'] as const;

const claim = z
  .object({
    peer: role.describe('The side that said it, or did not.'),
    dictionary: z.string().describe('e.g. inbound-rtp, which is a type of statistics.'),
    member: z.string(),
    verdict: z
      .enum(claimVerdicts)
      .describe('absent: it said nothing; in a check that held, that was a thing it may leave out.'),
    unit: z.string().describe('Of `expected` and `actual`, as units of measurements are.'),
  })
  .describe('What a side said in a member of a dictionary, held against what is known.');

const check = z
  .object({
    name: z.string(),
    ok: z.boolean(),
    expected: z.unknown().describe('What had to hold: a JSON value or a phrase such as "above 10".'),
    actual: z.unknown().describe('What was measured.'),
    paced: z
      .literal(true)
      .optional()
      .describe('A bound of pace, which a machine that is too slow misses whatever the browser does.'),
    claim: claim.optional(),
  })
  .refine(
    ({ ok, claim }) =>
      claim === undefined || claim.verdict === 'absent' || ok === (claim.verdict === 'right'),
    'a claim that is right holds, and one that is wrong does not',
  )
  .describe('One assertion of the scenario, held or not.');

const measurement = z.object({
  value: z.number(),
  unit: z.string().describe('e.g. ms, fps, Hz, dBFS, bytes, bit/s, 1 for a plain count or ratio.'),
});

const evidence = z
  .object({
    kind: z.enum(evidenceKinds),
    peer: role.nullable().describe('The side it was taken from; null when it belongs to the whole call.'),
    path: z
      .string()
      .regex(
        // oxlint-disable-next-line no-control-regex -- a line break hid a `..` from an earlier check
        /^(?!\.{1,2}(?:\/|$))[^\\/\u0000-\u001F\u007F-\u009F]+(?:\/(?!\.{1,2}(?:\/|$))[^\\/\u0000-\u001F\u007F-\u009F]+)*$/,
        'a relative path without "." or ".." steps or control characters',
      )
      .describe(
        'The name under which `webrtc-interop evidence` writes the file. Without `pack`, where the file is: relative ' +
          'to the folder of results.json, below evidence/, with forward slashes.',
      ),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    bytes: z.number().int().nonnegative(),
    pack: z
      .number()
      .int()
      .positive()
      .optional()
      .describe('Its content is in the pack of this number, evidence/pack-0001.js for 1, under its hash.'),
  })
  .superRefine(({ path, pack }, context) => {
    if (pack === undefined ? path.startsWith('evidence/') : !path.includes('/')) return;
    const message =
      pack === undefined
        ? 'a path below evidence/, for a file that is in no pack'
        : 'a name without folders, for a file that is in a pack';
    context.addIssue({ code: 'custom', path: ['path'], message });
  });

const load = z
  .object({
    cellsAtOnce: z
      .number()
      .int()
      .positive()
      .describe('The most cells that ran at one time while this one did, itself included.'),
    processorBusy: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe(
        'The share of their time that the processors were busy meanwhile; null where nothing tells it.',
      ),
  })
  .describe('How loaded the machine was while an attempt ran; of a cell, its last.');

const attempt = z.object({
  status,
  phase,
  reason: reason.nullable(),
  startedAt: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
  checks: z.array(check),
  measurements: z.record(z.string(), measurement),
  evidence: z.array(evidence),
  load: load.optional(),
});

const cell = z
  .object({
    scenario: z.string().describe('id of the scenario, area/group/name'),
    offerer: z.string().describe('id of the browser that offers; for a single scenario, the browser.'),
    answerer: z.string().nullable().describe('id of the browser that answers; null for a single scenario.'),
    status,
    phase,
    reason: reason.nullable(),
    signature: z
      .string()
      .nullable()
      .describe('The failure with numbers, ids, ports and times normalised away; null for a pass.'),
    startedAt: z.iso.datetime(),
    durationMs: z.number().nonnegative().describe('From the first to the last step of the last attempt.'),
    flaky: z.boolean().describe('A pass that needed a retry.'),
    attempts: z
      .array(attempt)
      .describe(
        'The attempts before the one that the cell stands for, in order. In runs of schemaVersion 1.0.0, and in the ' +
          'memory of the harness, that one is their last.',
      ),
    checks: z.array(check),
    measurements: z.record(z.string(), measurement),
    evidence: z.array(evidence),
    repro: z.string().describe('A command that runs exactly this cell again.'),
    standsFor: z
      .array(z.string())
      .min(2)
      .optional()
      .describe(
        'The ids of all scenarios of this pair that it stands for, its own first: a side has no RTCPeerConnection, as the ' +
          'evidence proves, so each of them came to the same. Absent where a cell stands for itself alone.',
      ),
    load: load.optional(),
  })
  .superRefine((cell, context) => {
    const wrong = (path: string[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    if (cell.status === 'pass') {
      if (cell.checks.length === 0) wrong(['checks'], 'a pass has at least one check, or it proves nothing');
      const broken = cell.checks.find((check) => !check.ok);
      if (broken !== undefined)
        wrong(['checks'], `a pass has no check that did not hold, as "${broken.name}" did not`);
      if (cell.reason !== null) wrong(['reason'], 'a pass has no reason');
      if (cell.phase !== null) wrong(['phase'], 'a pass has no phase');
    } else {
      if (cell.reason === null) wrong(['reason'], `a cell that is ${cell.status} says why`);
      if (cell.flaky) wrong(['flaky'], 'only a pass can be flaky');
    }
    const { standsFor } = cell;
    if (standsFor === undefined) return;
    if (cell.status !== 'unsupported' || cell.answerer === null)
      wrong(['standsFor'], 'only a pair that is unsupported has one cell for several scenarios');
    if (standsFor[0] !== cell.scenario) wrong(['standsFor'], 'the first scenario is that of the cell');
    if (new Set(standsFor).size < standsFor.length) wrong(['standsFor'], 'each scenario is there once');
  })
  .describe('One scenario for one ordered pair of browsers, or for one browser.');

const prefs = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

export const engineSchema = z
  .enum(peerEngines)
  .describe('The engine of the browser; `library` for a peer that is no browser.');

const browser = z.object({
  id: z.string(),
  kind: z.string(),
  engine: engineSchema,
  product: z.string(),
  version: z.string(),
  driver: z.object({ name: z.string(), version: z.string() }),
  launchArgs: z.array(z.string()),
  prefs,
  asShipped: z
    .object({ launchArgs: z.array(z.string()), prefs })
    .optional()
    .describe(
      'What it was started with for scenarios whose `launch` is `as-shipped`; absent where none ran.',
    ),
  capabilities: z
    .record(z.string(), z.unknown())
    .describe(
      'What the probe found: `has` maps each name that was asked to true or false; codecs and more beside it.',
    ),
});

const scenario = z.object({
  id: z.string(),
  version: z
    .number()
    .int()
    .positive()
    .describe('Raised when the question stays but how it is judged changes.'),
  area: z.string(),
  title: z.string(),
  description: z.string().describe('The question that it asks.'),
  level: z
    .enum(['must', 'should', 'info'])
    .describe(
      'must: a specification demands it; should: it is recommended or relied on; info: good to know.',
    ),
  specUrls: z.array(z.string()),
  source: z
    .object({
      path: z.string().describe('With forward slashes, relative to its repository or its project.'),
      url: z
        .url({ protocol: /^https$/ })
        .optional()
        .describe('Where its forge shows it, at the commit that ran.'),
    })
    .optional()
    .describe('The file that declares it.'),
  roles: z.enum(['pair', 'single']),
  launch: z
    .literal('as-shipped')
    .optional()
    .describe("Set where its browsers were started without the harness's own flags and preferences."),
  requires: z
    .object({ offerer: z.array(z.string()), answerer: z.array(z.string()) })
    .describe('Capabilities each side needs; a single scenario uses `offerer`.'),
});

const problem = z.object({
  message: z.string().describe('A sentence or more for a person.'),
  incomplete: z
    .boolean()
    .describe('Whether it leaves the run incomplete, as an error does that proves a stored pass wrong.'),
});

const environment = z.object({
  os: z.string(),
  osVersion: z.string(),
  arch: z.string(),
  cpus: z.number().int(),
  node: z.string(),
});

const shard = z
  .object({
    index: z.number().int().positive(),
    total: z.number().int().positive(),
    plan: z
      .string()
      .optional()
      .describe('A hash of the whole plan: shards with the same one belong together.'),
  })
  .nullable();

const run = z.object({
  id: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  complete: z.boolean().describe('Every planned cell was reported.'),
  interrupted: z.boolean(),
  argv: z.array(z.string()),
  harness: z.object({ version: z.string(), commit: z.string().nullable() }),
  environment,
  shard,
  plannedCells: z.number().int().nonnegative(),
  problems: z.array(problem).optional().describe('What went wrong that no cell says.'),
  parts: z
    .array(
      z.object({
        id: z.string(),
        startedAt: z.iso.datetime(),
        finishedAt: z.iso.datetime().nullable(),
        argv: z.array(z.string()),
        environment,
        shard,
      }),
    )
    .optional()
    .describe('The runs that a merged one was made of.'),
});

/** The whole run, as in `results.json`. Built from results.jsonl; never rewritten by a later step. */
export const resultsSchema = z.object({
  schemaVersion: z.enum(readableVersions),
  run,
  browsers: z.array(browser),
  scenarios: z.array(scenario),
  cells: z.array(cell),
});

/** One line of `results.jsonl`. */
export const cellSchema = cell;

export type Results = z.infer<typeof resultsSchema>;
export type Problem = z.infer<typeof problem>;
export type Run = z.infer<typeof run>;
export type BrowserResult = z.infer<typeof browser>;
export type ScenarioResult = z.infer<typeof scenario>;
export type Cell = z.infer<typeof cell>;
export type CellLoad = z.infer<typeof load>;
export type Attempt = z.infer<typeof attempt>;
export type Check = z.infer<typeof check>;
export type Claim = z.infer<typeof claim>;
export type Measurement = z.infer<typeof measurement>;
export type Evidence = z.infer<typeof evidence>;
export type Reason = z.infer<typeof reason>;
export type Status = (typeof statuses)[number];
export type Phase = (typeof phases)[number];
export type EvidenceKind = (typeof evidenceKinds)[number];

/** The JSON Schema of `results.json`, as `webrtc-interop schema` prints it. */
export const resultsJsonSchema = (): unknown => z.toJSONSchema(resultsSchema, { target: 'draft-2020-12' });
