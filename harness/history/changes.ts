import { changeKinds, type ChangeKind } from '../compare/changes.ts';
import { harmlessKinds, kindOf } from '../compare/kind-of.ts';
import { nameOfPair, type Pair } from '../report/page/model.ts';
import { isBad, type HistoryRun, type Stood } from './history-run.ts';
import type { RunCause } from './schema.ts';

/** A browser that has different versions in two runs, or that one of them does not have. */
export interface BrowserStep {
  id: string;
  product: string;
  before: string | null;
  after: string | null;
}

/** What became of the cells of one scenario and pair from one run to another. */
export interface CellChange {
  scenario: string;
  title: string;
  pair: Pair;
  /** As `diff` has it; times are not compared. */
  kind: Exclude<ChangeKind, 'slower'>;
  before: Stood | null;
  after: Stood | null;
  /** Whether it got worse, as `diff` has it. */
  worse: boolean;
  /** Why a failure is no surprise, if somebody knew of it. */
  known: RunCause['known'];
}

/** Changes of cells whose browsers changed versions in the same way. */
export interface ChangeGroup {
  /** None if no version changed. */
  steps: BrowserStep[];
  changes: CellChange[];
}

/** What is different between two runs. */
export interface RunChanges {
  before: HistoryRun;
  after: HistoryRun;
  /** Every browser that differs. */
  steps: BrowserStep[];
  /** Ids that name browsers of two kinds: their cells are not compared. */
  strangers: string[];
  /** By versions, groups with one changed browser first; within a group, the most pressing change first. */
  groups: ChangeGroup[];
  /** How many cells had the same outcome. */
  unchanged: number;
}

/** The browsers that are not the same in two runs, in the order of the later one. */
export function stepsBetween(before: HistoryRun, after: HistoryRun): BrowserStep[] {
  const was = new Map(before.entry.browsers.map((browser) => [browser.id, browser]));
  const is = new Map(after.entry.browsers.map((browser) => [browser.id, browser]));
  return [...new Set([...is.keys(), ...was.keys()])].flatMap((id) => {
    const [from, to] = [was.get(id), is.get(id)];
    if (from?.version === to?.version && from?.product === to?.product) return [];
    const product = to?.product ?? from?.product ?? id;
    return [{ id, product, before: from?.version ?? null, after: to?.version ?? null }];
  });
}

/**
 * What is different between two runs, by the rules of `diff` (`compareRuns`), except for times: a test compares the two
 * with each other. What is known about failures is what was known when the runs were added.
 */
export function changesBetween(before: HistoryRun, after: HistoryRun): RunChanges {
  const steps = stepsBetween(before, after);
  const titles = new Map([...before.scenarios, ...after.scenarios].map(({ id, title }) => [id, title]));
  const pairs = new Map([...after.pairs, ...before.pairs].map((pair) => [nameOfPair(pair), pair]));
  const strangers = strangersIn(before, after);
  const changes: CellChange[] = [];
  let unchanged = 0;
  for (const [name, pair] of pairs) {
    if (strangers.some((id) => id === pair.offerer || id === pair.answerer)) continue;
    for (const [scenario, title] of titles) {
      const letter = after.letter(scenario, name);
      // most cells: passed before and now
      if (letter === 'p' && before.letter(scenario, name) === 'p') {
        unchanged += 1;
        continue;
      }
      const [was, now] = [before.of(scenario, name), after.of(scenario, name)];
      const change = changeOf(was, now, judgedOtherwise(before, after, scenario));
      if (change !== null) changes.push({ scenario, title, pair, ...change });
      else if (now !== undefined) unchanged += 1;
    }
  }
  return { before, after, steps, strangers, groups: groupsOf(changes, steps), unchanged };
}

function strangersIn(before: HistoryRun, after: HistoryRun): string[] {
  const kinds = new Map(before.entry.browsers.map(({ id, kind }) => [id, kind]));
  return after.entry.browsers.flatMap(({ id, kind }) => ((kinds.get(id) ?? kind) === kind ? [] : [id]));
}

/** Whether a scenario has another version, so that the outcomes of two runs are not compared. */
export function judgedOtherwise(before: HistoryRun, after: HistoryRun, scenario: string): boolean {
  const [was, now] = [before.version(scenario), after.version(scenario)];
  return was !== undefined && now !== undefined && was !== now;
}

/** Null if the cells have the same outcome, or neither run has them. */
function changeOf(
  was: Stood | undefined,
  now: Stood | undefined,
  otherwise: boolean,
): Omit<CellChange, 'scenario' | 'title' | 'pair'> | null {
  if (now === undefined) {
    if (was === undefined || was.outcome === 'left-out') return null;
    return { kind: 'gone', before: was, after: null, worse: false, known: null };
  }
  const kind = kindOf(was, now, { judgedOtherwise: otherwise, isSame: isSameFailure(was, now) });
  if (kind === null || kind === 'slower') return null;
  const baseline = otherwise || was?.outcome === 'left-out' ? undefined : was;
  const unexpected = now.stands.filter((cause) => isUnexpected(cause, baseline));
  return {
    kind,
    before: was ?? null,
    after: now,
    worse: !harmlessKinds.includes(kind) && unexpected.length > 0,
    known: unexpected.length === 0 ? (now.stands.find(({ known }) => known !== null)?.known ?? null) : null,
  };
}

/** Whether every failure now was there before: by its signature, or because the same is known about both. */
function isSameFailure(was: Stood | undefined, now: Stood): boolean {
  if (was === undefined) return false;
  if (now.outcome === 'flaky') return [...now.seen].every((failure) => was.seen.has(failure));
  if ([...now.failures].every((failure) => was.failures.has(failure))) return true;
  /** What explains a cause: an expectation, or the earlier run; undefined if nothing does. */
  const knows = ({ known, signature, status }: RunCause): string | undefined =>
    known?.why ?? (status !== 'error' && was.failures.has(signature) ? `before: ${signature}` : undefined);
  const known = new Set(now.stands.map(knows));
  return (
    !known.has(undefined) && was.outcome === 'bad' && was.stands.every((cause) => known.has(knows(cause)))
  );
}

/** Whether a cause is a surprise, like `isUnexpected` of the results for cells. @param was what the earlier run says, if any */
export function isUnexpected(cause: RunCause, was: Stood | undefined): boolean {
  if (cause.status === 'unsupported') return was !== undefined && was.outcome !== 'unsupported';
  if (!isBad(cause)) return false;
  if (cause.known !== null && (was?.outcome !== 'pass' || cause.known.sometimes)) return false;
  // An error is the harness's own: that it came before makes it no less of a surprise.
  return cause.status === 'error' || was?.failures.has(cause.signature) !== true;
}

function groupsOf(changes: readonly CellChange[], steps: readonly BrowserStep[]): ChangeGroup[] {
  const groups = new Map<string, ChangeGroup>();
  for (const change of changes) {
    const { offerer, answerer } = change.pair;
    const own = steps.filter(({ id }) => id === offerer || id === answerer);
    const key = JSON.stringify(own.map(({ id }) => id));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { steps: own, changes: [change] });
    else group.changes.push(change);
  }
  const rank = ({ kind, worse }: CellChange): number => changeKinds.indexOf(kind) * 2 + (worse ? 0 : 1);
  const order = ({ steps: own }: ChangeGroup): number => (own.length === 0 ? Infinity : own.length);
  return [...groups.values()]
    .map((group) => ({ ...group, changes: group.changes.toSorted((a, b) => rank(a) - rank(b)) }))
    .toSorted((a, b) => order(a) - order(b) || b.changes.length - a.changes.length);
}
