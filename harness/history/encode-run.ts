import { createHash } from 'node:crypto';
import type { Difference } from '../report/compat.ts';
import { outcomeLetters } from '../report/data.ts';
import { matrixOf } from '../report/page/model.ts';
import { modelOfRun } from '../report/report-index.ts';
import type { Scrubber } from '../report/scrub.ts';
import { canaryStatus } from '../results/canary.ts';
import { keyOf } from '../results/cell-key.ts';
import type { Expectations } from '../results/expectations.ts';
import { safeName } from '../results/safe-name.ts';
import type { Attempt, Cell, Results } from '../results/schema.ts';
import { signatureOf } from '../results/signature.ts';
import { standingsOf, type Standing } from '../results/standing.ts';
import { hasReason, type Letter } from './history-run.ts';
import type { RunCause, RunData, RunEntry, ScenarioTable } from './schema.ts';

/** A run as a site stores it. */
export interface EncodedRun {
  entry: RunEntry;
  data: RunData;
  /** Its table of scenarios, under the name that `data` has for it. */
  scenarios: ScenarioTable;
  /** Its differences from browser-compat-data, likewise. */
  compat: readonly Difference[] | null;
}

/** How much of a message is kept, in characters; the run's own report has the whole. */
const messageLength = 240;

const letters = new Map(
  Object.entries(outcomeLetters).map(([letter, outcome]): [string, string] => [outcome, letter]),
);

/** The outcome of a key, as a letter of `outcomeLetters`. */
function letterOf({ outcome, cells }: Standing): Letter {
  const [first] = cells;
  const isCanary = canaryStatus(first.scenario) !== null;
  const worst = cells.find(({ status }) => ['fail', 'timeout', 'crash', 'error'].includes(status)) ?? first;
  const word = {
    pass: isCanary ? 'due' : 'pass',
    flaky: 'flaky',
    unsupported: 'unsupported',
    'left-out': first.status,
    bad: isCanary ? 'fail' : worst.status,
  }[outcome];
  return letters.get(word) ?? 'n';
}

/** Texts that are kept only once and referred to by their place. */
class Places<T> {
  readonly all: T[] = [];
  readonly #places = new Map<string, number>();

  of(value: T): number {
    const key = JSON.stringify(value);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.all.length);
    return this.all.push(value) - 1;
  }
}

type Failed = Pick<Attempt, 'status' | 'phase' | 'reason'>;
const isReason = ({ status }: Failed): boolean => !['pass', 'skipped', 'notrun'].includes(status);

/** A name for content: equal contents have the same name. */
const hashOf = (content: string): string => createHash('sha256').update(content).digest('hex').slice(0, 16);

export interface HowToEncode {
  label: string;
  expectations: Expectations;
  /** Removes from texts what identifies a machine: a site is meant to be published. */
  scrubber: Scrubber;
  /** The run's differences from browser-compat-data; null if it did not look for them. */
  compat: readonly Difference[] | null;
}

/** A run in the compact form of a site. */
export function encodeRun(
  results: Results,
  { label, expectations, scrubber, compat }: HowToEncode,
): EncodedRun {
  const { run } = results;
  const model = modelOfRun(results, expectations);
  const scenarios = results.scenarios.map(({ id, title, description, version, level, roles }) => ({
    id,
    title,
    question: description,
    version,
    level,
    roles,
  }));
  const scenariosName = hashOf(JSON.stringify(scenarios));
  const standings = standingsOf(results.cells);
  const causes = new Places<RunCause>();
  const reasons = new Places<RunData['reasons'][number]>();
  const why: number[] = [];

  const causeOf = (failed: Failed, known: RunCause['known'], isLost = false): number =>
    causes.of({
      signature: scrubber.text(signatureOf(failed) ?? ''),
      status: failed.status,
      phase: failed.phase,
      message: scrubber.text(failed.reason?.message ?? '').slice(0, messageLength),
      known,
      ...(isLost ? { lost: true as const } : {}),
    });
  const knownOf = (cell: Cell): RunCause['known'] => {
    const known = expectations.of(cell);
    if (known === undefined) return null;
    return { why: known.why, bug: known.bug ?? null, sometimes: known.sometimes === true };
  };
  function reasonOf({ cells }: Standing): number {
    const stands = [
      ...new Set(
        cells
          .filter(isReason)
          .map((cell) => causeOf(cell, knownOf(cell), expectations.lost(cell) !== undefined)),
      ),
    ];
    const said = new Set(stands.map((at) => causes.all[at]?.signature));
    const attempts = cells.flatMap((cell) => cell.attempts).filter(isReason);
    const retried = [...new Set(attempts.map((attempt) => causeOf(attempt, null)))];
    return reasons.of({ stands, retried: retried.filter((at) => !said.has(causes.all[at]?.signature)) });
  }

  const { pairs } = model.index;
  const outcomes = pairs.map((pair) =>
    scenarios
      .map(({ id }) => {
        const standing = standings.get(keyOf({ scenario: id, ...pair }));
        if (standing === undefined) return '.';
        const letter = letterOf(standing);
        if (hasReason(letter)) why.push(reasonOf(standing));
        return letter;
      })
      .join(''),
  );
  const { all } = matrixOf(model);
  const { os, osVersion, arch } = run.environment;
  return {
    entry: {
      id: run.id,
      label,
      startedAt: run.startedAt,
      complete: run.complete,
      verdict: model.index.verdict,
      tally: {
        judged: all.judged,
        passed: all.passed,
        new: all.new,
        known: all.known,
        lost: all.lost,
        flaky: all.flaky,
      },
      system: `${os} ${osVersion} ${arch}`,
      harness: `${run.harness.version}${run.harness.commit === null ? '' : ` (${run.harness.commit.slice(0, 7)})`}`,
      browsers: model.index.browsers.map(({ id, kind, engine, product, version, connects }) => ({
        id,
        kind,
        engine,
        product,
        version,
        connects,
      })),
      file: `${run.startedAt.slice(0, 10)}-${safeName(run.id)}`,
    },
    data: {
      id: run.id,
      scenarios: scenariosName,
      pairs: pairs.map(({ offerer, answerer }) => ({ offerer, answerer })),
      outcomes,
      why,
      reasons: reasons.all,
      causes: causes.all,
      compat: compat === null ? null : hashOf(JSON.stringify(compat)),
    },
    scenarios,
    compat,
  };
}
