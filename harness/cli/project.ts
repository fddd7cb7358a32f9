import { resolve } from 'node:path';
import type { Command } from 'commander';
import picomatch from 'picomatch';
import { parseBrowserSpec, type BrowserSpec } from '../config/browser-spec.ts';
import { isBrowserKind } from '../config/browsers.ts';
import { findConfig, type FoundConfig } from '../config/find-config.ts';
import { uniqueBrowsers } from '../config/lists.ts';
import { moduleLoader, type LoadModule } from '../config/module-loader.ts';
import type { PublicSignaling } from '../config/signaling.ts';
import { signalingParts, type UserBrowser } from '../config/user-config.ts';
import { UsageError } from '../errors.ts';
import { loadScenarios, loadUserScenarios } from '../matrix/load.ts';
import { isCanary } from '../matrix/plan.ts';
import type { Scenario } from '../matrix/scenario.ts';
import { isFormat } from '../report/formats.ts';
import { moduleSuffix, packageRoot } from '../own-files.ts';
import { refuseForeignAssertions } from '../run/foreign-chai.ts';
import { browsersHere } from '../setup/browsers-here.ts';

/** The folder that a command works in, and its configuration. */
export interface Project extends FoundConfig {
  /** The browsers of the configuration; null if it names none. */
  browsers: readonly BrowserSpec[] | null;
  load: LoadModule;
}

/** Keys of the configuration that are options of `run`, by the same name. */
const optionKeys = [
  'pairs',
  'areas',
  'expectations',
  'baseline',
  'jobs',
  'timeout',
  'retries',
  'repeat',
  'out',
] as const;

/** The ones among them that are paths, relative to the configuration. */
const paths: readonly string[] = ['expectations', 'baseline', 'out'];

/**
 * Finds the configuration and applies it to the options of a command: flags override it, and it overrides the defaults.
 * @param command one with `--config`
 * @param folder where a configuration is looked for
 * @throws {UsageError} if there is something wrong with the configuration
 */
export async function openProject(command: Command, folder = process.cwd()): Promise<Project> {
  // by its address, because its types include those of pages, which are not available here
  const own: unknown = await import(new URL(`../public/index${moduleSuffix}`, import.meta.url).href);
  const load = moduleLoader({ 'webrtc-interop': own });
  const named: unknown = command.getOptionValue('config');
  const found = await findConfig(typeof named === 'string' ? named : undefined, folder, load);
  const known = new Set(command.options.map((option) => option.attributeName()));
  for (const key of optionKeys) {
    const value = found.config[key];
    if (value === undefined || !known.has(key) || command.getOptionValueSource(key) === 'cli') continue;
    const isPath = paths.includes(key) && typeof value === 'string' && value !== 'none';
    command.setOptionValueWithSource(key, isPath ? resolve(found.folder, value) : value, 'config');
  }
  const { reporters } = found.config;
  if (reporters !== undefined && known.has('format') && command.getOptionValueSource('format') !== 'cli') {
    const named = reporters.map((name) => (isFormat(name) ? name : resolve(found.folder, name)));
    command.setOptionValueWithSource('format', named, 'config');
  }
  const browsers = found.config.browsers?.map((browser) => specOf(browser, found.folder)) ?? null;
  return { ...found, browsers: browsers && uniqueBrowsers(browsers), load };
}

/** A browser of the configuration. */
function specOf(browser: string | UserBrowser, folder: string): BrowserSpec {
  if (typeof browser === 'string') return { ...parseBrowserSpec(browser), configured: true };
  const { name, kind = name, executable, driverProgram, url, ...rest } = browser;
  if (!isBrowserKind(kind) && kind !== 'url' && kind !== 'command')
    throw new UsageError('unknown-browser', `"${kind}" is no kind of browser.`);
  return {
    id: name,
    kind,
    configured: true,
    ...(executable === undefined ? {} : { executable: resolve(folder, executable) }),
    ...(driverProgram === undefined ? {} : { driverProgram: resolve(folder, driverProgram) }),
    ...(url === undefined ? {} : { endpoint: url }),
    ...rest,
  };
}

/**
 * The browsers of a command: those that `--browsers` names (a name of the configuration, or any form that it takes),
 * else those of the configuration, else those of this machine.
 */
export async function browsersOf(
  { browsers }: Pick<Project, 'browsers'>,
  named: readonly string[] | undefined,
): Promise<readonly BrowserSpec[]> {
  if (named === undefined) return browsers ?? browsersHere();
  return uniqueBrowsers(
    named.map((text) => browsers?.find(({ id }) => id === text) ?? parseBrowserSpec(text)),
  );
}

/** The scenarios of a project, and which of them are the user's own. */
export interface ProjectScenarios {
  scenarios: readonly Scenario[];
  own: ReadonlySet<string>;
  /** The files of the user's own, absolute. */
  files: readonly string[];
}

/** Loads the scenarios of this package that the project wants, canaries in any case, and the user's own. */
export async function scenariosOf({ config, folder, load }: Project): Promise<ProjectScenarios> {
  const ours = await loadScenarios(packageRoot);
  const { builtin = true, scenarios: globs = [] } = config;
  const { impairments } = signalingParts(config.signaling);
  const ids = new Set(ours.map(({ result }) => result.id));
  const wanted =
    builtin === true ? () => true : picomatch(builtin === false ? [] : builtinGlobs(builtin, ids));
  const { ids: own, files } = await loadUserScenarios({ globs, folder, load });
  await refuseForeignAssertions(files);
  const all = (await loadScenarios(packageRoot)).filter(
    ({ result }) => own.has(result.id) || isCanary(result) || wanted(result.id),
  );
  return {
    scenarios: all.map((each) => impaired(each, impairments)),
    own,
    files,
  };
}

/** Where browsers on other machines find the fixture, by the configuration. */
export function publicSignalingOf({ config, folder }: Pick<Project, 'config' | 'folder'>): PublicSignaling {
  const { reach } = signalingParts(config.signaling);
  const { certificate } = reach;
  if (certificate === undefined) return reach;
  return {
    ...reach,
    certificate: { key: resolve(folder, certificate.key), cert: resolve(folder, certificate.cert) },
  };
}

/** Signaling as the configuration says, unless the scenario says otherwise. */
const impaired = (scenario: Scenario, signaling: Scenario['signaling']): Scenario => ({
  ...scenario,
  signaling: { ...signaling, ...scenario.signaling },
});

/** @throws {UsageError} `unknown-scenario` for a glob that matches nothing */
function builtinGlobs(globs: readonly string[], ids: ReadonlySet<string>): string[] {
  return globs.flatMap((glob) => {
    const both = [glob, `${glob}/**`];
    if (![...ids].some((id) => picomatch.isMatch(id, both))) {
      throw new UsageError(
        'unknown-scenario',
        `"builtin" names "${glob}", which is no scenario of this package. \`webrtc-interop list\` in a folder without a configuration shows all.`,
      );
    }
    return both;
  });
}
