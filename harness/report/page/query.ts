import { keyOfCause } from './cause-key.ts';
import type { ReportCause } from '../data.ts';
import type { Model, Outcome } from './model.ts';

/** What `is:` knows, and what it means. */
export const isWords = {
  new: 'failures that nobody knew',
  known: 'failures that were known',
  fixed: 'what failed before and passes now',
  lost: 'what worked before and is not supported now',
  flaky: 'passes that needed a retry',
  failing: 'every failure, known or new',
  passing: 'every pass',
  unsupported: 'what a side does not have',
  alone: 'what one browser does by itself',
} as const;
type IsWord = keyof typeof isWords;

/** The names in tokens of the form `name:value`, besides `firefox>chromium` and plain words. */
export const tokenNames = ['is', 'status', 'was', 'level', 'area', 'why'] as const;
type TokenName = (typeof tokenNames)[number];

interface Term {
  not: boolean;
  /** `word` is text of a scenario, or a browser by its id. */
  kind: TokenName | 'pair' | 'word';
  value: string;
}

const failures: readonly Outcome[] = ['fail', 'timeout', 'crash', 'error'];
const isTokenName = (name: string): name is TokenName => tokenNames.some((known) => known === name);
const isIsWord = (word: string): word is IsWord => Object.hasOwn(isWords, word);

/** The terms of a query, in the order in which they were written. A word in quotes may have spaces. */
export function termsOf(query: string): Term[] {
  const words = query.match(/-?(?:[\w.-]+:)?"[^"]*"|\S+/g) ?? [];
  return words.flatMap((word): Term[] => {
    const not = word.length > 1 && word.startsWith('-');
    const text = (not ? word.slice(1) : word).replaceAll('"', '');
    if (text === '') return [];
    if (/^[\w.*-]+>[\w.*-]+$/.test(text)) return [{ not, kind: 'pair', value: text.toLowerCase() }];
    const { name, value } = /^(?<name>[a-z]+):(?<value>.+)$/.exec(text)?.groups ?? {};
    return name !== undefined && value !== undefined && isTokenName(name)
      ? [{ not, kind: name, value: value.toLowerCase() }]
      : [{ not, kind: 'word', value: text.toLowerCase() }];
  });
}

/** What a query asks for that does not exist, in one sentence each: an empty answer must not look like a good one. */
export function problemsOf(query: string, model: Model): string[] {
  const ids = new Set(model.index.pairs.flatMap(({ offerer, answerer }) => [offerer, answerer ?? '']));
  return termsOf(query).flatMap(({ kind, value }) => {
    if (kind === 'is' && !isIsWord(value))
      return [`“is:${value}” is not known; there is ${Object.keys(isWords).join(', ')}.`];
    if (kind === 'area' && !model.areas.includes(value))
      return [`There is no area “${value}” here; there is ${model.areas.join(', ')}.`];
    const strange = kind === 'pair' ? value.split('>').filter((id) => id !== '*' && !hasId(ids, id)) : [];
    return strange.map((id) => `No browser here is called “${id}”.`);
  });
}

const hasId = (ids: ReadonlySet<string>, wanted: string): boolean =>
  [...ids].some((id) => id.toLowerCase() === wanted);

/**
 * The cells that a query finds, in the order of the results. Terms about scenarios and pairs are evaluated once for each
 * of those, so that a hundred thousand cells take milliseconds.
 */
export function find(query: string, model: Model): number[] {
  const terms = termsOf(query);
  const { scenarios, pairs, cells, causes } = model.index;
  const scenarioFits = new Uint8Array(scenarios.length).fill(1);
  const pairFits = new Uint8Array(pairs.length).fill(1);
  const causeFits = new Uint8Array(causes.length + 1).fill(1);
  const later: ((cell: number) => boolean)[] = [];
  const mark = (fits: Uint8Array, ok: (at: number) => boolean, not: boolean): void => {
    for (let at = 0; at < fits.length; at += 1) if (ok(at) === not) fits[at] = 0;
  };
  const ids = new Set(pairs.flatMap(({ offerer, answerer }) => [offerer, answerer ?? '']));
  for (const { kind, value, not } of terms) {
    if (kind === 'pair') {
      const [from = '*', to = '*'] = value.split('>');
      const isSide = (wanted: string, id: string | null): boolean =>
        wanted === '*' ? id !== null : id?.toLowerCase() === wanted;
      mark(
        pairFits,
        (at) => isSide(from, pairs[at]?.offerer ?? '') && isSide(to, pairs[at]?.answerer ?? null),
        not,
      );
    } else if (kind === 'word' && hasId(ids, value)) {
      mark(
        pairFits,
        (at) => pairs[at]?.offerer.toLowerCase() === value || pairs[at]?.answerer?.toLowerCase() === value,
        not,
      );
    } else if (kind === 'word') mark(scenarioFits, (at) => model.searched[at]?.includes(value) ?? false, not);
    else if (kind === 'level') mark(scenarioFits, (at) => scenarios[at]?.level === value, not);
    else if (kind === 'area') mark(scenarioFits, (at) => model.areaOfScenario[at] === value, not);
    else if (kind === 'why') mark(causeFits, (at) => isCause(causes[at], value), not);
    else if (kind === 'is') later.push((cell) => isIt(value, model, cell) !== not);
    else if (kind === 'status') later.push((cell) => (model.outcome(cell) === value) !== not);
    else later.push((cell) => (model.before(cell) === value) !== not);
  }
  const found: number[] = [];
  for (let cell = 0; cell < model.size; cell += 1) {
    const cause = cells.cause[cell] ?? -1;
    if (
      scenarioFits[cells.scenario[cell] ?? 0] === 1 &&
      pairFits[cells.pair[cell] ?? 0] === 1 &&
      causeFits[cause < 0 ? causes.length : cause] === 1 &&
      later.every((fits) => fits(cell))
    )
      found.push(cell);
  }
  return found;
}

const isCause = (cause: ReportCause | undefined, key: string): boolean =>
  cause !== undefined && keyOfCause(cause) === key;

function isIt(word: string, model: Model, cell: number): boolean {
  const outcome = model.outcome(cell);
  if (word === 'failing') return failures.includes(outcome);
  if (word === 'passing') return outcome === 'pass' || outcome === 'flaky' || outcome === 'due';
  if (word === 'alone') return model.pair(cell).answerer === null;
  if (word === 'flaky' || word === 'unsupported') return outcome === word;
  return isIsWord(word) && model.news(cell) === word;
}
