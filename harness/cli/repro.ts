import type { BrowserSpec } from '../config/browser-spec.ts';
import { withoutCredentials } from '../config/endpoint.ts';
import type { PlannedCell } from '../matrix/plan.ts';

/** An argument as a POSIX shell reads it back. */
export const quote = (text: string): string =>
  /^[\w./:=,@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** A browser as the user would name it; one from the configuration by its name. */
export function browserText({
  id: column,
  variantOf,
  kind,
  driver,
  executable,
  endpoint,
  version,
  configured,
}: BrowserSpec): string {
  const id = variantOf ?? column;
  if (configured) return id;
  const at = version === undefined ? '' : `@${version}`;
  const by = driver ? `+${driver}` : '';
  const where = executable ? `:${executable}` : endpoint ? `@${withoutCredentials(endpoint)}` : at;
  const isNamed = id !== `${kind}${at}` || (version === undefined && (by || where) !== '');
  return `${isNamed ? `${id}=` : ''}${kind}${by}${where}`;
}

/**
 * The command that runs exactly one cell again.
 * @param flags further flags that change what a cell does, e.g. `['--inject', 'offerer=fault.js']`
 */
export const reproFor =
  (browsers: readonly BrowserSpec[], flags: readonly string[]) =>
  ({ scenario, offerer, answerer }: PlannedCell): string => {
    const sides = new Set([offerer, answerer ?? offerer]);
    const columns = browsers.filter(({ id }) => sides.has(id));
    const named = [...new Set(columns.map(browserText))];
    const words = [
      '--browsers',
      named.join(','),
      '--pairs',
      `${offerer}:${answerer ?? offerer}`,
      '--scenarios',
      scenario,
      ...moduleFlags(browsers, columns),
      ...flags,
    ];
    return `npx webrtc-interop run ${words.map(quote).join(' ')}`;
  };

/** Everything that the run loaded: a column keeps its name only if there is another one beside it. */
function moduleFlags(all: readonly BrowserSpec[], columns: readonly BrowserSpec[]): string[] {
  const names = new Set(columns.flatMap(({ modules = {} }) => Object.keys(modules)));
  return [...names].flatMap((name) => {
    const given = [...new Set(all.flatMap(({ modules }) => modules?.[name] ?? []))];
    return ['--module', `${name}=${given.join(',')}`];
  });
}

/** A cell's time limit, unless its scenario or the user sets another one. */
export const defaultTimeoutMs = 20_000;

/** The flags of a run that change what a cell does; a cell repeated without them would be another cell. */
export const reproFlags = (flags: {
  inject: readonly string[];
  adapter: string;
  timeout: number;
  headed?: boolean;
  drafts?: boolean;
  config?: string;
}): string[] => [
  ...(flags.config === undefined ? [] : ['--config', flags.config]),
  ...flags.inject.flatMap((text) => ['--inject', text]),
  ...(flags.adapter === 'none' ? [] : ['--adapter', flags.adapter]),
  ...(flags.timeout === defaultTimeoutMs ? [] : ['--timeout', String(flags.timeout)]),
  ...(flags.headed === true ? ['--headed'] : []),
  ...(flags.drafts === true ? ['--drafts'] : []),
];
