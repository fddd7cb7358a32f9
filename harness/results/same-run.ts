import { isDeepStrictEqual } from 'node:util';
import { UsageError } from '../errors.ts';
import type { PlannedScript, RunPlan } from './plan-file.ts';
import type { BrowserResult, Run, ScenarioResult } from './schema.ts';

/** A run goes on with the same plan on the same things, or not at all: otherwise its cells would be those of two runs. */
export const resumeDiffers = (differences: readonly string[]): UsageError =>
  new UsageError(
    'resume-differs',
    `The run cannot go on, for it would no longer be the same run: ${differences.join('; ')}. Nothing was changed. ` +
      'Make it the same again, or start a new run in another folder.',
  );

const words = (value: unknown): string =>
  value === undefined ? 'not there' : typeof value === 'string' ? value : JSON.stringify(value);

const was = (what: string, before: unknown, now: unknown): string[] =>
  isDeepStrictEqual(before, now) ? [] : [`${what} was ${words(before)} and is ${words(now)}`];

const nameOf = ({ product, version, driver }: BrowserResult): string =>
  `${product} ${version} under ${driver.name} ${driver.version}`;

/** How browsers differ from those that the run had; one that the run had not started yet may be any. */
export const differentBrowsers = (
  before: readonly BrowserResult[],
  now: readonly BrowserResult[],
): string[] =>
  now.flatMap((browser) => {
    const same = before.find(({ id }) => id === browser.id);
    return same === undefined ? [] : was(`the browser ${browser.id}`, nameOf(same), nameOf(browser));
  });

/**
 * The browsers of a run, in the order of their ids: as it began with them, plus what they were started with since. One
 * that a resumed run did not need again stays as it was.
 */
export const browsersOfRun = (
  ids: readonly string[],
  before: readonly BrowserResult[],
  now: readonly BrowserResult[],
): BrowserResult[] =>
  ids.flatMap((id) => {
    const started = [...before, ...now].filter((browser) => browser.id === id);
    const [first] = started;
    const asShipped = started.find((browser) => browser.asShipped)?.asShipped;
    return first ? [{ ...first, ...(asShipped ? { asShipped } : {}) }] : [];
  });

/** How the naming of browsers differs from the plan. Columns that differ in their modules have the same text. */
export const differentlyNamed = (before: RunPlan['browsers'], now: RunPlan['browsers']): string[] =>
  before.flatMap(({ text, spec }) => {
    const named = now.filter((browser) => browser.text === text);
    const isThere = named.some((browser) => isDeepStrictEqual(spec, browser.spec));
    return isThere ? [] : was(`the browser ${text}`, spec, named[0]?.spec);
  });

/** How scenarios differ from those of the run; additional ones do not matter. */
export const differentScenarios = (
  before: readonly ScenarioResult[],
  now: readonly ScenarioResult[],
): string[] =>
  before.flatMap(({ id, version }) =>
    was(`the version of ${id}`, version, now.find((scenario) => scenario.id === id)?.version),
  );

/** How the harness and the machine differ from those of the run. */
export const differentHarness = (
  before: Pick<Run, 'harness' | 'environment'>,
  now: Pick<Run, 'harness' | 'environment'>,
): string[] => [
  ...was("webrtc-interop's version", before.harness.version, now.harness.version),
  ...was("webrtc-interop's commit", before.harness.commit, now.harness.commit),
  ...was('the machine', before.environment, now.environment),
];

/** How what the run would load now differs from what it loaded: scripts, modules, files. */
export function differentScripts(before: readonly PlannedScript[], now: readonly PlannedScript[]): string[] {
  const names = (scripts: readonly PlannedScript[]): string[] =>
    scripts.map(({ use, name }) => `${name} (${use})`);
  const other = was('the list of what it loads', names(before), names(now));
  if (other.length > 0) return other;
  return before
    .filter(({ sha256 }, at) => sha256 !== now[at]?.sha256)
    .map(({ use, name }) => `${name} (${use}) has other content`);
}

/**
 * How flags that were given differ from those of the run.
 * @param given the names of the flags that are on the command line
 */
export const differentFlags = (
  before: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
  given: readonly string[],
): string[] =>
  given.flatMap((name) =>
    was(`--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, before[name], now[name]),
  );
