import type { PeerEngine } from '../config/browsers.ts';
import type { Impairments, Role, Signal } from '../protocol/signaling.ts';
import type { ScenarioResult } from '../results/schema.ts';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../errors.ts';
import type { ServiceAddress, Services } from './service.ts';
import {
  fileBeingLoaded,
  moduleRequests,
  type Loaded,
  type ModuleRequest,
  type PageModules,
} from './page-module.ts';

/**
 * What a cell costs the machine while it runs: `idle` lets seconds pass in which nothing happens, `light` waits most of its
 * time, `media` captures, encodes or decodes, `heavy` fills a processor, `alone` judges timing that a busy
 * neighbour would change: it runs beside no more than its kind, one for each processor.
 */
const loads = ['idle', 'light', 'media', 'heavy', 'alone'] as const;
export type Load = (typeof loads)[number];

/** A peer as a scenario sees it: a page in a browser, in one role. `Agent` is what its functions find in the page. */
export interface PeerHandle<Agent> {
  /** The browser's id in this run. */
  readonly browser: string;
  /** `library`: it is no browser. */
  readonly engine: PeerEngine;
  /** The product's full version, as its driver reports it. */
  readonly version: string;
  /**
   * Runs a function in the page and returns its result. The function is sent as source text: it sees the agent
   * and its argument, nothing of the file that it is in.
   * @throws {PageFailure} what the function threw in the page, with its phase.
   */
  run<Result>(page: (agent: Agent) => Result): Promise<Awaited<Result>>;
  run<Result, Arg>(page: (agent: Agent, arg: Arg) => Result, arg: Arg): Promise<Awaited<Result>>;
  /** The same peer with a share (0 to 1) of the time that is left: its waits give up sooner. */
  within(share: number): PeerHandle<Agent>;
  /** Asks the agent for a command by name; for the canary, which asks for one that does not exist. */
  command(name: string): Promise<unknown>;
}

/** What a side says in a member of a dictionary, and what is known of it. */
export interface ClaimMade {
  peer: Role;
  /** e.g. `inbound-rtp`, a type of statistics. */
  dictionary: string;
  member: string;
  /** What it says; undefined where it says nothing. */
  actual: unknown;
  /** A value that it has to equal, the bounds that it has to be within, or what `holds` is about, in words. */
  expected: string | number | boolean | { readonly least?: number; readonly most?: number };
  /** Whether it is as `expected` says in words. */
  holds?: boolean | undefined;
  /** Of `actual` and `expected`; default `1`, a plain count or ratio. */
  unit?: string | undefined;
  /** What it is held against, for the name of the check. */
  of?: string | undefined;
  /** Whether it may be left out; default false. */
  optional?: boolean | undefined;
  /** A bound of pace, which a machine that is too slow misses whatever the browser does. */
  paced?: boolean | undefined;
}

/** What the body of a scenario has besides its peers. */
export interface Tools {
  /** Keeps a number for the readers of the matrix; it decides nothing. */
  readonly measure: (name: string, value: number, unit: string) => void;
  /** Keeps a picture as evidence: a PNG data URL from the page. */
  readonly frame: (name: string, pngDataUrl: string) => void;
  /** Keeps a JSON value as evidence of kind `trace`, e.g. a table that is too large for a check. */
  readonly trace: (name: string, content: unknown) => void;
  /**
   * Checks a member of a dictionary, as statistics are made of. The body goes on, so that every member has its verdict;
   * at its end, those that do not hold fail the cell. Each is a row of the report's claims.
   */
  readonly claim: (claim: ClaimMade) => void;
  /**
   * Takes what closes something that the body has opened on this machine, e.g. a server. It is called when the body has
   * ended, also where the body was given up while it waited and would never get to a `finally`; the last one first.
   */
  readonly after: (close: () => unknown) => void;
}

export interface PairContext<Agent> extends Tools {
  offerer: PeerHandle<Agent>;
  answerer: PeerHandle<Agent>;
  /** From now on each description and candidate passes through a function on its way; see `Call.through`. */
  through(change: (message: Signal, from: 'offerer' | 'answerer') => Promise<Signal | undefined>): void;
}

export interface SingleContext<Agent> extends Tools {
  peer: PeerHandle<Agent>;
}

/**
 * Addresses of pages that the user serves, by side: applications that import `webrtc-interop/agent` before everything else.
 * `offerer` is also that of a single scenario.
 */
export interface OwnPages {
  offerer?: string;
  answerer?: string;
}

/** The origins that the fixture has to let in. @throws {UsageError} `bad-page` */
export function originsOf({ offerer, answerer }: OwnPages): string[] {
  return [offerer, answerer].flatMap((page) => {
    if (page === undefined) return [];
    if (!/^https?:/.test(page) || !URL.canParse(page)) {
      throw new UsageError('bad-page', `pages: "${page}" is no address. Write it with http:// or https://.`);
    }
    return [new URL(page).origin];
  });
}

/** One question about interoperability. */
export interface ScenarioDeclaration<
  Modules extends PageModules = PageModules,
  Needed extends Services = Services,
> {
  /** `area/group/name`; never reused for another question. */
  id: string;
  /** Raised when the question stays the same but is judged differently; default 1. */
  version?: number;
  title: string;
  /** The question that it asks, as one sentence. */
  asks: string;
  /** must: a specification demands it; should: applications rely on it; info: good to know. */
  level: 'must' | 'should' | 'info';
  /** The specifications that say so. */
  specs: readonly string[];
  /** What each side needs, as names for the capability probe (fixtures/peer-page/probe.ts). */
  needs?: readonly string[] | { offerer?: readonly string[]; answerer?: readonly string[] };
  /**
   * Modules that both pages load after adapter, bundled from the project of the scenario's file: packages, or files of
   * your own. Functions find them in `agent.modules`, as `require` gives them.
   */
  modules?: Modules;
  /** The user's own pages instead of ours; they load no modules, no adapter and no injected scripts. */
  pages?: OwnPages;
  /** Processes that are started for each cell and end with it; the body finds their addresses in `services`. */
  services?: Needed;
  /** How the signaling fixture disturbs this call. */
  signaling?: Impairments;
  /** The sides that load webrtc-adapter before everything else. */
  adapter?: readonly ('offerer' | 'answerer')[];
  /** `true`: it is about the build that `--adapter …=FILE` names; only runs with one have it. */
  adapterFile?: boolean;
  /** `as-shipped`: the browser runs without the harness's flags and preferences. Default: with them. */
  launch?: 'as-shipped';
  /** The cell's time in milliseconds, if the scenario needs more or less than `--timeout`. */
  timeoutMs?: number;
  /** What it costs the machine. Default `media` if it needs to capture, encode or decode, else `light`. */
  load?: Load;
}

/** A declared scenario: what goes into the result, and its body. */
export interface Scenario {
  readonly result: ScenarioResult;
  readonly modules: readonly ModuleRequest[];
  readonly pages: OwnPages;
  readonly services: Services;
  /** The file that declares it; undefined if nothing tells. */
  readonly file: URL | undefined;
  /** Where the commands of services run: the folder of the file that declares it. */
  readonly folder: string;
  readonly signaling: Impairments;
  readonly adapter: readonly ('offerer' | 'answerer')[];
  readonly timeoutMs: number | undefined;
  readonly load: Load;
  /** Not yet proven: in a run only with `--drafts`. */
  readonly draft: boolean;
  /** Only in runs whose `--adapter` names a file. */
  readonly adapterFile: boolean;
  readonly body: (context: PairContext<never> | SingleContext<never>) => Promise<void>;
}

/** Names of capabilities that mean media. */
const mediaNeed =
  /^(?:codec|plays|records|scalability|encoding|canvas):|captureStream|AudioContext|MediaRecorder|MediaStreamTrack|requestVideoFrameCallback|getDisplayMedia|RTCRtpScriptTransform/;

const loadOf = (needs: readonly string[]): Load =>
  needs.some((need) => mediaNeed.test(need)) ? 'media' : 'light';

const scenarios = new Map<string, Scenario>();
const listeners = new Set<(scenario: Scenario) => void>();

/** Everything declared so far, by id, in order of declaration. */
export const declaredScenarios = (): readonly Scenario[] => [...scenarios.values()];

/** Called with each scenario as it is declared; `npx mocha` makes its tests of them this way. */
export function onScenario(listener: (scenario: Scenario) => void): void {
  listeners.add(listener);
}

const idPattern = /^[a-z0-9-]+(?:\/[a-z0-9-]+){2}$/;

/**
 * Makes a scenario from its declaration.
 * @throws {UsageError} `bad-scenario` for an invalid id
 */
export function makeScenario(
  declaration: ScenarioDeclaration,
  roles: 'pair' | 'single',
  body: (context: never) => Promise<void>,
): Scenario {
  const { id, needs = [], modules = {}, services = {} } = declaration;
  const file = fileBeingLoaded();
  const area = id.split('/')[0] ?? '';
  if (!idPattern.test(id)) {
    throw new UsageError(
      'bad-scenario',
      `"${id}" is no scenario id: use area/group/name, each of lower-case letters, digits and "-".`,
    );
  }
  const both: { offerer?: readonly string[]; answerer?: readonly string[] } =
    'length' in needs ? { offerer: needs, answerer: roles === 'pair' ? needs : [] } : needs;
  // A pair needs a peer connection.
  const always = roles === 'pair' ? ['RTCPeerConnection'] : [];
  return {
    result: {
      id,
      version: declaration.version ?? 1,
      area,
      title: declaration.title,
      description: declaration.asks,
      level: declaration.level,
      specUrls: [...declaration.specs],
      roles,
      ...(declaration.launch === undefined ? {} : { launch: declaration.launch }),
      requires: {
        offerer: [...always, ...(both.offerer ?? [])],
        answerer: [...always, ...(both.answerer ?? [])],
      },
    },
    modules: moduleRequests(modules, file),
    pages: declaration.pages ?? {},
    services,
    file,
    folder: file ? dirname(fileURLToPath(file)) : process.cwd(),
    signaling: declaration.signaling ?? {},
    adapter: declaration.adapter ?? [],
    timeoutMs: declaration.timeoutMs,
    load: declaration.load ?? loadOf([...(both.offerer ?? []), ...(both.answerer ?? [])]),
    draft: false,
    adapterFile: declaration.adapterFile === true,
    // The harness hands a body the context of its own kind: PairContext for pairs, SingleContext for singles.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    body: body as Scenario['body'],
  };
}

/** The globals that mocha defines while it loads files. */
interface UnderMocha {
  it?: (title: string, test: () => void) => void;
}

/** Under mocha, scenarios that do not become tests would be 0 tests, and green. */
function refuseSilence({ result: { id } }: Scenario): void {
  const { it }: UnderMocha = globalThis;
  it?.(id, () => {
    throw new UsageError(
      'no-setup',
      'Nothing runs the scenarios of this file: mocha needs --require harness/mocha/setup.ts, as in .mocharc.json. Without mocha: webrtc-interop run.',
    );
  });
}

function declare(scenario: Scenario): void {
  const { id } = scenario.result;
  if (scenarios.has(id)) {
    throw new UsageError(
      'bad-scenario',
      `The scenario "${id}" is declared twice. Give one another id; those of this package are in \`webrtc-interop list\`.`,
    );
  }
  scenarios.set(id, scenario);
  if (listeners.size === 0) refuseSilence(scenario);
  for (const listener of listeners) listener(scenario);
}

/** An agent with the modules that a scenario declares. */
export type WithModules<Agent, M extends PageModules> = Omit<Agent, 'modules'> & {
  readonly modules: Loaded<M>;
};

/** Where the services of a scenario are found. */
export interface Addresses<S extends Services> {
  readonly services: { readonly [Name in keyof S]: ServiceAddress };
}

/** The two ways to declare a scenario, for pages whose agent is of type `Agent`. */
export interface Declare<Agent> {
  /** A question about an ordered pair of browsers. */
  scenario<M extends PageModules = {}, S extends Services = {}>(
    declaration: ScenarioDeclaration<M, S>,
    body: (context: PairContext<WithModules<Agent, M>> & Addresses<S>) => Promise<void>,
  ): void;
  /** A question about one browser. */
  single<M extends PageModules = {}, S extends Services = {}>(
    declaration: ScenarioDeclaration<M, S>,
    body: (context: SingleContext<WithModules<Agent, M>> & Addresses<S>) => Promise<void>,
  ): void;
}

export const declareFor = <Agent>(isDraft: (id: string) => boolean = () => false): Declare<Agent> => ({
  scenario: (declaration, body) =>
    declare({ ...makeScenario(declaration, 'pair', body), draft: isDraft(declaration.id) }),
  single: (declaration, body) =>
    declare({ ...makeScenario(declaration, 'single', body), draft: isDraft(declaration.id) }),
});
