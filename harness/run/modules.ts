import type { BrowserSpec } from '../config/browser-spec.ts';
import type { Script } from '../config/script.ts';
import type { ModuleRequest } from '../matrix/page-module.ts';
import type { Scenario } from '../matrix/scenario.ts';
import { bundleModules } from '../peers/page-modules.ts';

/** The modules of a run, bundled before anything is launched: the user has to fix what does not bundle. */
export class Modules {
  readonly #bundleOf: ReadonlyMap<string, Script>;

  private constructor(bundles: ReadonlyMap<string, Script>) {
    this.#bundleOf = bundles;
  }

  /** @throws {UsageError} `module-does-not-bundle`, `module-not-installed` */
  static async bundle(scenarios: readonly Scenario[], browsers: readonly BrowserSpec[]): Promise<Modules> {
    const bundles = new Map<string, Script>();
    for (const scenario of scenarios) {
      for (const browser of browsers) {
        const requests = requestsOf(scenario, browser);
        const key = keyOf(requests);
        // one after the other: the end of one build would stop the bundler in the middle of another
        if (requests.length > 0 && !bundles.has(key)) bundles.set(key, await bundleModules(requests));
      }
    }
    return new Modules(bundles);
  }

  /** Every bundle, in the order in which scenarios ask for them. */
  get bundles(): readonly Script[] {
    return [...this.#bundleOf.values()];
  }

  /** What a page of that browser loads for a scenario, after everything else. */
  of(scenario: Scenario, browser: BrowserSpec): Script[] {
    const bundle = this.#bundleOf.get(keyOf(requestsOf(scenario, browser)));
    return bundle ? [bundle] : [];
  }
}

/** A column of `--module` has its own version of a module. */
const requestsOf = ({ modules }: Scenario, { modules: own = {} }: BrowserSpec): ModuleRequest[] =>
  modules.map((request) => ({ ...request, specifier: own[request.name] ?? request.specifier }));

const keyOf = (requests: readonly ModuleRequest[]): string => JSON.stringify(requests);
