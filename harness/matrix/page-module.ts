import { fileURLToPath, pathToFileURL } from 'node:url';
import { UsageError } from '../errors.ts';

/** A module that pages of a scenario load; `T` is its `typeof import(…)`. */
export interface PageModule<T> {
  /** A package, or a path that begins with a dot and is relative to the file that declares the scenario. */
  readonly specifier: string;
  /** Never set: it carries the type. */
  readonly type?: T;
}

/** Modules by the name under which a scenario's functions find them in `agent.modules`. */
export type PageModules = Readonly<Record<string, string | PageModule<unknown>>>;

/** The type of `agent.modules` in a scenario's functions: `unknown` for a module of which only a specifier was given. */
export type Loaded<M extends PageModules> = {
  readonly [Name in keyof M]: M[Name] extends PageModule<infer T> ? T : unknown;
};

/** A module with its type: `pageModule<typeof import('simple-peer')>('simple-peer')`. */
export const pageModule = <T>(specifier: string): PageModule<T> => ({ specifier });

/** A module that a scenario declares, and where it is looked for. */
export interface ModuleRequest {
  name: string;
  specifier: string;
  /** The file that asks for it, as a path. */
  from: string;
}

const namePattern = /^[A-Za-z_$][\w$]*$/;

/**
 * The modules of a declaration.
 * @param file the file that declares it, as a URL; undefined if it is not known
 * @throws {UsageError} `bad-module`
 */
export function moduleRequests(modules: PageModules, file: URL | undefined): ModuleRequest[] {
  return Object.entries(modules).map(([name, given]) => {
    const specifier = typeof given === 'string' ? given : given.specifier;
    if (!namePattern.test(name) || specifier === '')
      throw new UsageError('bad-module', `modules: "${name}: '${specifier}'" is no name with a module`);
    if (!file)
      throw new UsageError('bad-module', `modules: it is not known which file asks for "${specifier}"`);
    return { name, specifier, from: fileURLToPath(file) };
  });
}

let loading: URL | undefined;

/** Loads a file of scenarios; their modules are resolved from there. One at a time. */
export async function loadFrom(
  file: URL,
  load: () => Promise<unknown> = () => import(file.href),
): Promise<void> {
  loading = file;
  try {
    await load();
  } finally {
    loading = undefined;
  }
}

/** The file in a line of a stack, as a URL or a path. */
const placeOf = /[( ]((?:file:\/\/|\/|[A-Z]:\\)[^()?]*?)(?:\?[^():]*)?:\d+:\d+\)?$/i;
/** Frames of a stack that are looked at. */
const mostFrames = 100;

/**
 * The file that is being loaded now. If something other than `loadFrom` loads it, e.g. mocha, it is the outermost file
 * whose code runs: the scenario's own file even if a helper declares the scenario.
 */
export function fileBeingLoaded(): URL | undefined {
  if (loading) return loading;
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = mostFrames;
  const { stack = '' } = new Error('where is this?');
  Error.stackTraceLimit = before;
  const frames = stack.split('\n').filter((line) => !/^\s*at async |[\\/]node_modules[\\/]/.test(line));
  const outermost = frames.flatMap((line) => placeOf.exec(line)?.[1] ?? []).at(-1);
  if (outermost === undefined) return undefined;
  return outermost.startsWith('file:') ? new URL(outermost) : pathToFileURL(outermost);
}
