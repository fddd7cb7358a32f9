import { HarnessError } from '../errors.ts';
import type { PlannedCell } from '../matrix/plan.ts';
import type { Scenario } from '../matrix/scenario.ts';
import type { PageSetup } from '../peers/page-server.ts';
import type { Role } from '../protocol/signaling.ts';
import type { BrowserResult } from '../results/schema.ts';
import {
  lacking,
  lackingConnection,
  namesAsked,
  Prober,
  type Lack,
  type Probe,
  type ProbedSide,
} from './capabilities.ts';
import type { Lender } from './lender.ts';
import type { Modules } from './modules.ts';
import type { RunEvents, RunOptions } from './options.ts';
import { unsupported, type Unstored } from './outcome.ts';
import type { Side } from './seats.ts';

/** Changes to one cell, e.g. a fault that is injected to see whether the cell turns red. */
export interface Variation {
  /** Scripts that pages load after those of the run. */
  scripts?: Partial<RunOptions['scripts']>;
  /** The cell's time. */
  timeoutMs?: number;
}

/** Whose scripts a page loads: one that is alone loads those of the offerer. */
const sideOf = (role: Role): 'offerer' | 'answerer' => (role === 'answerer' ? 'answerer' : 'offerer');

/** The browsers of a run: each is started and probed once, and lends the sides of cells. */
export class Browsers {
  readonly #hosts: ReadonlyMap<string, Lender>;
  readonly #prober: Prober;
  readonly #options: Pick<RunOptions, 'scripts' | 'adapter' | 'pages'>;
  readonly #events: RunEvents;
  readonly #starts = new Map<string, Promise<void>>();
  readonly #plainProbes = new Map<string, Probe>();
  readonly #modules: Pick<Modules, 'of'>;

  constructor(
    hosts: readonly Lender[],
    names: readonly string[],
    options: Pick<RunOptions, 'scripts' | 'adapter' | 'pages'>,
    events: RunEvents,
    modules: Pick<Modules, 'of'>,
  ) {
    this.#modules = modules;
    this.#hosts = new Map(hosts.map((host) => [host.spec.id, host]));
    this.#prober = new Prober(names);
    this.#options = options;
    this.#events = events;
  }

  /** Starts the browsers of a cell, each once; resolves even if one will not start, which its cells report. */
  async started({ offerer, answerer }: PlannedCell): Promise<void> {
    await Promise.all([offerer, answerer ?? offerer].map((id) => this.#startOnce(id)));
  }

  #startOnce(id: string): Promise<void> {
    const host = this.#hosts.get(id);
    const start = this.#starts.get(id) ?? (host ? this.#start(host) : Promise.resolve());
    this.#starts.set(id, start);
    return start;
  }

  async #start(host: Lender): Promise<void> {
    try {
      const probe = await this.#plainProbe(host);
      // The second page is for the cells in which a browser meets itself, and for the next cell while a page starts afresh.
      if (probe.answer.has['RTCPeerConnection'] === true) await host.prepare(2);
    } catch (error) {
      // Its cells report it; cells of the other browsers go on.
      this.#events.browserFailed?.(host.spec.id, error);
    }
  }

  /** The sides of a cell. @throws {HarnessError} `unknown-browser` */
  sides({ offerer, answerer }: PlannedCell, scenario: Scenario, variation: Variation): Side[] {
    const side = (role: Role, id: string): Side => {
      const host = this.#hosts.get(id);
      if (!host) throw new HarnessError('unknown-browser', `${id} was planned but is no browser of this run`);
      return { role, host, setup: this.#setup(role, host, scenario, variation) };
    };
    return answerer === null
      ? [side('single', offerer)]
      : [side('offerer', offerer), side('answerer', answerer)];
  }

  /**
   * The cell as `unsupported`, if the probe of a side shows that something is missing; else undefined. A page with scripts
   * of this cell alone is asked only for what the cell needs, any other page once for everything.
   */
  async unsupported(
    scenario: Scenario,
    sides: readonly Side[],
    variation: Variation = {},
  ): Promise<Unstored | undefined> {
    const lack = lacking(scenario, await this.#probed(scenario, sides, variation));
    return lack ? unsupported(lack) : undefined;
  }

  /** What keeps the sides of a cell from connecting at all, by their probes; null if nothing does. */
  async unconnected(scenario: Scenario, sides: readonly Side[]): Promise<Lack | null> {
    return lackingConnection(scenario, await this.#probed(scenario, sides));
  }

  /** Whether a browser of a pair was found to have no RTCPeerConnection, with only the run's own scripts. */
  cannotConnect({ offerer, answerer }: PlannedCell): boolean {
    return [offerer, answerer ?? offerer].some(
      (id) => this.#plainProbes.get(id)?.answer.has['RTCPeerConnection'] === false,
    );
  }

  async #probed(
    scenario: Scenario,
    sides: readonly Side[],
    { scripts = {} }: Variation = {},
  ): Promise<ProbedSide[]> {
    const namesFor = (role: Role): readonly string[] | undefined =>
      scripts[sideOf(role)]?.length ? namesAsked([scenario]) : undefined;
    await Promise.all(sides.map(({ host }) => this.#plainProbe(host)));
    return Promise.all(
      sides.map(async ({ role, host, setup }) => ({
        role,
        browser: host.spec.id,
        probe: await this.#prober.probe(host, setup, namesFor(role)),
      })),
    );
  }

  /** The entry in the results for each browser that answered its probe. */
  results(): BrowserResult[] {
    return [...this.#hosts.values()].flatMap((host) => {
      const probe = this.#plainProbes.get(host.spec.id);
      if (!probe) return [];
      const { engine, product, version, driver, launchArgs, prefs, reasons } = host.details;
      const { id, kind, modules = {} } = host.spec;
      const capabilities = { ...probe.answer, settings: reasons, modules };
      return [{ id, kind, engine, product, version, driver, launchArgs, prefs, capabilities }];
    });
  }

  /** Those that lend pages. */
  get hosts(): readonly Lender[] {
    return [...this.#hosts.values()];
  }

  /** Ends the browsers that are no longer needed. */
  async close(needed: readonly Lender[] = []): Promise<void> {
    await Promise.all(this.hosts.filter((host) => !needed.includes(host)).map((host) => host.close()));
  }

  /** What the browser has with only the run's own scripts; goes into the results. */
  async #plainProbe(host: Lender): Promise<Probe> {
    const probe = await this.#prober.probe(host, this.#setup('offerer', host));
    this.#plainProbes.set(host.spec.id, probe);
    return probe;
  }

  #setup(role: Role, { spec }: Lender, scenario?: Scenario, variation: Variation = {}): PageSetup {
    const { scripts, adapter, pages = {} } = this.#options;
    const side = sideOf(role);
    const shimmed = scenario?.adapter.includes(side) === true;
    const page = scenario?.pages[side] ?? (scenario && pages[side]);
    const all = [
      ...scripts[side],
      ...(variation.scripts?.[side] ?? []),
      ...(shimmed ? [adapter] : []),
      ...(scenario ? this.#modules.of(scenario, spec) : []),
    ];
    if (page === undefined) return { scripts: all };
    if (all.length > 0) {
      const names = all.map(({ name }) => name).join(', ');
      throw new HarnessError(
        'page-loads-no-scripts',
        `${page} is a page of your own, which loads what it loads: nothing can put ${names} into it. Leave one of them out.`,
      );
    }
    return { scripts: [], page };
  }
}
