import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import {
  LabelName,
  Stage,
  Status as AllureStatus,
  type Attachment,
  type TestResult,
} from 'allure-js-commons';
import { stringifyEnvInfo } from 'allure-js-commons/sdk/reporter';
import { messageOf, UsageError } from '../errors.ts';
import { Repeats } from '../results/cell-name.ts';
import { EvidenceReader } from '../results/evidence-reader.ts';
import { isInert } from '../results/safe-name.ts';
import { isStored } from '../results/stored-cell.ts';
import type { Attempt, Cell, Evidence, ScenarioResult, Status } from '../results/schema.ts';
import { canaryStatus, isAsDue } from '../results/totals.ts';
import { writing } from '../results/write-error.ts';
import type { Reporter } from './reporter.ts';
import { noCall } from './tests.ts';
import { text } from './markdown.ts';
import { pairName } from '../results/pair-name.ts';

const statuses = {
  pass: AllureStatus.PASSED,
  fail: AllureStatus.FAILED,
  timeout: AllureStatus.FAILED,
  crash: AllureStatus.BROKEN,
  error: AllureStatus.BROKEN,
  unsupported: AllureStatus.SKIPPED,
  skipped: AllureStatus.SKIPPED,
  notrun: AllureStatus.BROKEN,
} as const satisfies Record<Status, AllureStatus>;

const severities = { must: 'critical', should: 'normal', info: 'minor' } as const;

const types: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.webm': 'video/webm',
  '.mp4': 'video/mp4',
  '.zip': 'application/zip',
};

const hashOf = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);

function statusOf(cell: Pick<Cell, 'scenario' | 'status' | 'reason'>): AllureStatus {
  if (canaryStatus(cell.scenario) === null) return statuses[cell.status];
  return isAsDue(cell) ? AllureStatus.PASSED : AllureStatus.FAILED;
}

/** Copies evidence into Allure's own folder; null if it is gone. @throws {UsageError} `evidence-not-whole` */
async function attach(reader: EvidenceReader, out: string, evidence: Evidence): Promise<Attachment | null> {
  const { path, kind, peer } = evidence;
  const found = await reader.find(evidence);
  if (found.state === 'missing') return null; // index.html says so
  if (found.state !== 'whole') {
    const why = found.state === 'refused' ? found.problem : `${path} was changed.`;
    throw new UsageError('evidence-not-whole', `Evidence is not as the run wrote it: ${why}`);
  }
  const ending = isInert(path) ? extname(path) : '.txt';
  const source = `${randomUUID()}-attachment${ending}`;
  await writeFile(join(out, source), found.content, { flag: 'wx' });
  return {
    name: peer === null ? kind : `${kind} of the ${peer}`,
    type: types[ending] ?? 'text/plain',
    source,
  };
}

/** Evidence is attached if something failed: for a pass, and for what is unsupported, the result says everything. */
const isAttached = ({ status }: TestResult): boolean =>
  status === AllureStatus.FAILED || status === AllureStatus.BROKEN;

/**
 * One attempt. The sides are parameters and so part of the history id: without them Allure takes the cells of
 * one scenario for retries of each other, and failures vanish.
 */
function resultOf(
  cell: Cell,
  attempt: Attempt,
  scenario: ScenarioResult | undefined,
  repeat: number,
): TestResult {
  const [area = '', group = '', ...name] = cell.scenario.split('/');
  const status = statusOf({ ...attempt, scenario: cell.scenario });
  /** What it is about: all calls of a pair that cannot connect are one. */
  const about = cell.standsFor === undefined ? cell.scenario : noCall;
  const start = Date.parse(attempt.startedAt);
  const parameters = [
    { name: 'offerer', value: cell.offerer },
    { name: 'answerer', value: cell.answerer ?? 'none' },
    ...(repeat > 1 ? [{ name: 'repeat', value: String(repeat) }] : []),
  ];
  return {
    uuid: randomUUID(),
    historyId: hashOf(about, parameters),
    testCaseId: hashOf(about),
    fullName: about,
    name: `${cell.standsFor === undefined ? (scenario?.title ?? cell.scenario) : noCall}: ${pairName(cell)}`,
    description: cell.standsFor === undefined ? text(scenario?.description ?? '') : cell.standsFor.join(', '),
    status,
    stage: Stage.FINISHED,
    statusDetails:
      attempt.reason === null
        ? {}
        : {
            message: `${attempt.status}@${attempt.phase ?? ''} ${attempt.reason.code}: ${attempt.reason.message}`,
            trace: cell.repro,
          },
    start,
    stop: start + Math.round(attempt.durationMs),
    steps: attempt.checks.map((check) => ({
      name: `${check.name}: expected ${JSON.stringify(check.expected)}, was ${JSON.stringify(check.actual)}`,
      status: check.ok ? AllureStatus.PASSED : AllureStatus.FAILED,
      statusDetails: {},
      stage: Stage.FINISHED,
      steps: [],
      attachments: [],
      parameters: [],
    })),
    attachments: [],
    parameters,
    labels: [
      { name: LabelName.PARENT_SUITE, value: area },
      { name: LabelName.SUITE, value: group },
      { name: LabelName.SUB_SUITE, value: name.join('/') },
      { name: LabelName.EPIC, value: area },
      { name: LabelName.FEATURE, value: cell.scenario },
      { name: LabelName.STORY, value: pairName(cell) },
      { name: LabelName.FRAMEWORK, value: 'webrtc-interop' },
      { name: LabelName.SEVERITY, value: severities[scenario?.level ?? 'info'] },
      { name: LabelName.TAG, value: attempt.status },
      ...(cell.flaky ? [{ name: LabelName.TAG, value: 'flaky' }] : []),
    ],
    links: (scenario?.specUrls ?? [])
      .filter((url) => /^https?:/.test(url))
      .map((url) => ({ url, name: url })),
  };
}

/** Attempts in order; a cell that was never tried counts as one. */
const attemptsOf = (cell: Cell): Attempt[] => (cell.attempts.length > 0 ? cell.attempts : [cell]);

/**
 * Writes `allure-results/` again: one result per attempt (Allure shows all but the last as retries), with the evidence of
 * what failed attached.
 */
export const write: Reporter['write'] = async ({
  run: { run, browsers, scenarios: declared },
  cells,
  dir,
  say,
}) => {
  const out = join(dir, 'allure-results');
  await writing(out, async () => {
    await rm(out, { recursive: true, force: true });
    await mkdir(out, { recursive: true });
    const reader = new EvidenceReader(dir);
    const scenarios = new Map(declared.map((scenario) => [scenario.id, scenario]));
    const repeats = new Repeats();
    async function writeAttempt(cell: Cell, attempt: Attempt, repeat: number): Promise<void> {
      const result = resultOf(cell, attempt, scenarios.get(cell.scenario), repeat);
      for (const evidence of isAttached(result) ? attempt.evidence : []) {
        try {
          const attachment = await attach(reader, out, evidence);
          if (attachment !== null) result.attachments.push(attachment);
        } catch (error) {
          say(`${dir}: ${messageOf(error)}`);
        }
      }
      await writeFile(join(out, `${result.uuid}-result.json`), JSON.stringify(result), { flag: 'wx' });
    }
    for await (const cell of cells()) {
      if (!isStored(cell)) continue;
      const repeat = repeats.next(cell);
      await Promise.all(attemptsOf(cell).map((attempt) => writeAttempt(cell, attempt, repeat)));
    }
    const environment = Object.fromEntries([
      ...browsers.map(({ id, product, version }) => [id, `${product} ${version}`]),
      ['os', `${run.environment.os} ${run.environment.osVersion} ${run.environment.arch}`],
      ['node', run.environment.node],
      ['webrtc-interop', run.harness.version],
    ]);
    await writeFile(join(out, 'environment.properties'), stringifyEnvInfo(environment));
  });
};
