import { expect } from 'chai';
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { BrowserDetails, Exit } from '../drivers/driver.ts';
import { IncompleteError, LaunchError, PeerGoneError } from '../errors.ts';
import { makeScenario, type PairContext, type Scenario, type SingleContext } from '../matrix/scenario.ts';
import type { PlannedCell } from '../matrix/plan.ts';
import { parseBrowserSpec } from '../config/browser-spec.ts';
import { readCollected } from '../peers/answers.ts';
import type { Found } from '../peers/hang-check.ts';
import { schemaVersion, type Cell, type Problem } from '../results/schema.ts';
import { cellsFrom, storedCell } from '../results/stored-cell.ts';
import { validateCell } from '../results/validate.ts';
import type { Lender, LentPage } from './lender.ts';
import type { Limits } from './limits.ts';
import type { ProcessorTime } from './processor.ts';
import { RunningServices } from './services.ts';
import { Session, type InDoubt } from './session.ts';
import { DeadlineError } from '../within.ts';

const limits: Limits = {
  lendMs: 2000,
  closingMs: 30,
  collectMs: 15,
  exitMs: 15,
  graceMs: 5,
  lookMs: 100,
  storeMs: 500,
};
const cellMs = 120;

/** What a cell's body does to its first page, or its page to it. */
const deeds = [
  'well',
  'fails',
  'kills',
  'hangs',
  'stops-a-process',
  'fails-as-a-process-stopped',
  'fails-as-a-process-died',
  'leaves',
  'page-dies',
  'page-crashes-unseen',
  'ends-out-of-sight',
  'garbles',
  'silent-at-end',
  'no-picture',
  'throws-in-timer',
  'floats',
  'checks-nothing',
  'checks-elsewhere',
  'fails-elsewhere',
  'asks-a-promise',
  'leaves-a-timer',
  'never-ends',
] as const;
/** What a body does when its cell is stored. */
const lateDeeds = ['passes-then-throws', 'fails-then-throws', 'fails-then-misses-its-page'] as const;
/** `slow-at-first`: its first attempt does not end. `fails-late`: a check does not hold when its cell has been stored. */
type Deed = (typeof deeds)[number] | (typeof lateDeeds)[number] | 'slow-at-first' | 'fails-late';

/** What has to come of a cell that does so by itself, whatever its neighbours do. */
const due: Readonly<Record<Deed, RegExp>> = {
  well: /^pass null$/,
  fails: /^fail assertion$/,
  kills: /^crash browser-died$/,
  hangs: /^timeout browser-hangs$/,
  'stops-a-process': /^timeout browser-hangs$/,
  'fails-as-a-process-stopped': /^timeout browser-hangs$/,
  'fails-as-a-process-died': /^crash browser-process-died$/,
  leaves: /^fail page-closed$/,
  'page-dies': /^crash page-died$/,
  'page-crashes-unseen': /^crash page-died$/,
  'ends-out-of-sight': /^crash browser-died$/,
  garbles: /^error unreadable-answer$/,
  'silent-at-end': /^timeout not-answering$/,
  'no-picture': /^fail assertion$/,
  'throws-in-timer': /^error uncaught-error$/,
  floats: /^error uncaught-error$/,
  'checks-nothing': /^error nothing-checked$/,
  'checks-elsewhere': /^error nothing-checked$/,
  'fails-elsewhere': /^error foreign-assertion$/,
  'asks-a-promise': /^error promise-asserted$/,
  'leaves-a-timer': /^error timer-left$/,
  'fails-late': /^pass null$/,
  'never-ends': /^timeout scenario-timeout$/,
  'passes-then-throws': /^pass null$/,
  'fails-then-throws': /^fail assertion$/,
  'fails-then-misses-its-page': /^fail assertion$/,
  'slow-at-first': /^(pass null|timeout scenario-timeout)$/,
};

interface FakeBrowser {
  exited: Promise<Exit>;
  exit: Exit | undefined;
  hung: boolean;
  /** A process of it is stopped, and its pages answer. */
  stopped: boolean;
  /** A process of it died and was started anew. */
  replacedProcess: string | undefined;
  replaced(): Promise<string | undefined>;
  /** Whether it answers its driver. */
  answers: boolean;
  isAlive(): Promise<boolean>;
  end(exit: Exit): void;
}

type FakePage = LentPage & {
  browser: FakeBrowser;
  /** What the page does when it is asked at the end. */
  manner: 'well' | 'silent' | 'garbles';
  noPicture: boolean;
  /** Ends the page's own process. */
  die(exit: Exit): void;
  /** How its process ended, for those who ask. */
  crashed: Exit | undefined;
  leave(cause: PeerGoneError): void;
};

function fakeBrowser(): FakeBrowser {
  let resolve: (exit: Exit) => void = () => undefined;
  const exited = new Promise<Exit>((fulfil) => (resolve = fulfil));
  const browser: FakeBrowser = {
    exited,
    exit: undefined,
    hung: false,
    stopped: false,
    answers: true,
    replacedProcess: undefined,
    replaced: async () => browser.replacedProcess,
    isAlive: async () => browser.answers,
    end(exit) {
      browser.exit ??= exit;
      resolve(exit);
    },
  };
  return browser;
}

const never = <T>(): Promise<T> => new Promise(() => undefined);
const details: BrowserDetails = {
  engine: 'chromium',
  product: 'Fake',
  version: '1',
  driver: { name: 'playwright', version: '1' },
  launchArgs: [],
  prefs: {},
  reasons: [],
};

/** A browser that does what cells do to it, and counts its pages. */
class FakeHost implements Lender {
  readonly spec;
  readonly details = details;
  /** Pages that cells have now. */
  readonly lent = new Set<LentPage>();
  readonly wrong: string[] = [];
  readonly #most: number;
  #refusals: number;
  /** How many cells wait for a page until their time is over, although the browser lives. */
  late = 0;
  #browser: FakeBrowser | undefined;
  #waiting: (() => void)[] = [];
  readonly pageOf: (page: FakePage) => void;

  constructor(id: string, most: number, refusals: number, pageOf: (page: FakePage) => void) {
    this.spec = parseBrowserSpec(`${id}=chromium`);
    this.#most = most;
    this.#refusals = refusals;
    this.pageOf = pageOf;
  }

  async acquire(setups: readonly unknown[]): Promise<LentPage[]> {
    await nextTurn();
    if (this.#refusals > 0) {
      this.#refusals -= 1;
      throw new LaunchError('launch-failed', `${this.spec.id} would not start`);
    }
    if (this.late > 0) {
      this.late -= 1;
      throw new DeadlineError('deadline', `waited 15000 ms for ${this.spec.id} to open a page`);
    }
    while (this.lent.size + setups.length > this.#most) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    const browser = (this.#browser ??= this.#start());
    const pages = setups.map(() => this.#page(browser));
    for (const page of pages) this.lent.add(page);
    return pages;
  }

  #page(browser: FakeBrowser): FakePage {
    let resolve: (cause: PeerGoneError) => void = () => undefined;
    const gone = new Promise<PeerGoneError>((fulfil) => (resolve = fulfil));
    const state = { open: true };
    const leave = (cause: PeerGoneError): void => {
      state.open = false;
      resolve(cause);
    };
    void browser.exited.then(() => leave(new PeerGoneError('page-lost', 'it was lost')));
    const answering = async <T>(value: T): Promise<T> => {
      await nextTurn();
      if (browser.hung) return never<T>();
      if (!state.open) throw await gone;
      return value;
    };
    let died: (exit: Exit) => void = () => undefined;
    const page: FakePage = {
      browser,
      manner: 'well',
      noPicture: false,
      crashed: undefined,
      die: (exit) => died(exit),
      leave,
      page: {
        died: new Promise((fulfil) => (died = fulfil)),
        screenshot: () => (page.noPicture ? never() : answering(Buffer.from('png'))),
        console: async () => [],
        crash: async () => page.crashed,
      },
      peer: {
        member: {
          token: '',
          send: () => undefined,
          onRpc: undefined,
          closed: gone,
          get isOpen() {
            return state.open;
          },
          close: () => undefined,
        },
        console: [],
        onConnectionFailed: undefined,
        gone,
        as: (_, id) => {
          this.pageOf(page);
          const handle = {
            browser: id,
            engine: 'chromium' as const,
            version: '1',
            run: async () => answering<never>(undefined as never),
            within: () => handle,
            command: () => answering(undefined),
          };
          return handle;
        },
        collect: async () => {
          if (page.manner === 'silent') return never();
          return answering(readCollected({ connections: page.manner === 'garbles' ? 7 : [], waits: [] }));
        },
        probe: () =>
          answering({
            userAgent: '',
            has: { RTCPeerConnection: true },
            codecs: { audio: { send: [], receive: [] }, video: { send: [], receive: [] } },
            headerExtensions: { audio: [], video: [] },
          }),
      },
    };
    return page;
  }

  #start(): FakeBrowser {
    const browser = fakeBrowser();
    void browser.exited.then(() => {
      if (this.#browser === browser) this.#browser = undefined;
      for (const page of this.lent) if (page.browser === browser) this.lent.delete(page);
      this.#wake();
    });
    return browser;
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #back(page: LentPage): void {
    const had = this.lent.delete(page);
    if (!had && this.exitOf(page) === undefined) this.wrong.push('a page was given back twice');
    this.#wake();
  }

  release(page: LentPage): void {
    this.#back(page);
  }

  async discard(page: LentPage): Promise<void> {
    await nextTurn();
    this.#back(page);
  }

  exitOf({ browser }: Pick<LentPage, 'browser'>): Exit | undefined {
    return (browser as FakeBrowser).exit;
  }

  async endIfHung({ browser }: Pick<LentPage, 'browser'>, answers: boolean): Promise<Found> {
    await delay(2);
    const fake = browser as FakeBrowser;
    const how = fake.stopped
      ? 'a process is stopped'
      : fake.hung && !answers
        ? 'it opens no page'
        : undefined;
    if (how === undefined) return { as: 'lives' };
    if (fake.exit) return { as: 'was-ended', how };
    fake.end(ended);
    return { as: 'hung', how };
  }

  prepare(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const ended: Exit = { code: null, signal: 'SIGKILL', description: 'it was ended because it hung' };
const killed: Exit = { code: null, signal: 'SIGKILL', description: 'it was ended by SIGKILL' };

/** Processors that do nothing, on any machine. */
const idleProcessors = (): (() => ProcessorTime) => {
  let all = 0;
  return () => ({ busy: 0, all: (all += 10) });
};

interface Plan {
  deed: Deed;
  /** The browsers; one of them alone for a single scenario. */
  sides: readonly [string, string?];
}

const plan: fc.Arbitrary<Plan> = fc.record({
  deed: fc.constantFrom(...deeds),
  sides: fc.oneof(
    fc.tuple(fc.constantFrom('a', 'b')),
    fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('a', 'b')),
  ),
});

/** Runs cells that do what they are to do, side by side, without any browser. */
async function lived(
  plans: readonly Plan[],
  jobs: number,
  refusals: number,
  storeFailsAt: number,
  { late = 0, interruptedBeforeSecondLooks = false } = {},
) {
  const stored: Cell[] = [];
  /** By `setImmediate`, which is neither a call nor a timer: nothing is left to be seen when the body ends. */
  const failLate = (): void => {
    if (stored.length > 0) expect(1, 'a late number').to.equal(2);
    else setImmediate(failLate);
  };
  /** The first page that a body has, between the moments at which it is made known and taken. */
  let newest: FakePage[] = [];
  const hosts = ['a', 'b'].map(
    (id) => new FakeHost(id, 3, id === 'a' ? refusals : 0, (page) => newest.push(page)),
  );
  for (const host of hosts) host.late = late;
  let tellStored = (): void => undefined;
  const cellIsStored = new Promise<void>((resolve) => (tellStored = resolve));
  const doIt = async (
    deed: Deed,
    page: FakePage,
    isFirst: boolean,
    ask: () => Promise<unknown>,
  ): Promise<void> => {
    await ask();
    const late =
      deed === 'fails-then-misses-its-page'
        ? new PeerGoneError('page-closed', 'it left')
        : new TypeError('late');
    if (isLate(deed)) void cellIsStored.then(() => Promise.reject(late));
    if (deed !== 'checks-nothing' && deed !== 'checks-elsewhere')
      expect(1, 'a number').to.equal(
        deed === 'fails' || deed.startsWith('fails-then') || deed === 'no-picture' ? 2 : 1,
      );
    switch (deed) {
      case 'kills':
        page.browser.end(killed);
        return never();
      case 'hangs':
        page.browser.hung = true;
        return never();
      case 'stops-a-process':
        page.browser.stopped = true;
        return never();
      case 'fails-as-a-process-stopped':
        page.browser.stopped = true;
        return void expect(1, 'a number').to.equal(2);
      case 'fails-as-a-process-died':
        page.browser.replacedProcess = 'a process of it';
        return void expect(1, 'a number').to.equal(2);
      case 'leaves':
        page.leave(new PeerGoneError('page-closed', 'it left'));
        return never();
      case 'page-dies':
        page.die({ code: 11, signal: null, description: 'its process died', of: 'page' });
        page.leave(new PeerGoneError('page-closed', 'it left'));
        return never();
      case 'page-crashes-unseen':
        page.crashed = { code: null, signal: null, description: 'it crashed', of: 'page' };
        page.leave(new PeerGoneError('page-closed', 'it left'));
        return never();
      case 'ends-out-of-sight':
        page.leave(new PeerGoneError('page-closed', 'it left'));
        page.browser.answers = false;
        setTimeout(() => page.browser.end(killed), 1.6 * limits.exitMs).unref();
        return never();
      case 'garbles':
        page.manner = 'garbles';
        return undefined;
      case 'silent-at-end':
        page.manner = 'silent';
        return undefined;
      case 'throws-in-timer':
        setTimeout(() => {
          throw new TypeError('in a timer');
        });
        return never();
      case 'floats':
        void Promise.reject(new TypeError('floating'));
        return undefined;
      case 'checks-elsewhere':
        return assert.equal(1, 1);
      case 'fails-elsewhere':
        return assert.equal(1, 2);
      case 'asks-a-promise':
        return void expect(Promise.resolve(false), 'a promise').to.be.an('object');
      case 'leaves-a-timer':
        return void setInterval(() => undefined, 1000);
      case 'fails-late':
        return failLate();
      case 'never-ends':
        return never();
      case 'slow-at-first':
        return isFirst ? never() : undefined;
      default:
        return undefined;
    }
  };
  const scenarios: Scenario[] = [];
  const cells: PlannedCell[] = plans.map(({ deed, sides: [offerer, answerer = null] }, at) => {
    const id = `connection/lived/number-${String(at)}`;
    const declaration = { id, title: '', asks: '', level: 'info', specs: [] } as const;
    const roles = answerer === null ? 'single' : 'pair';
    let bodies = 0;
    const body = async (context: PairContext<never> | SingleContext<never>): Promise<void> => {
      const [page] = newest.splice(0);
      newest = [];
      if (!page) throw new Error('there is no page');
      if (deed === 'no-picture') page.noPicture = true;
      const peer = 'peer' in context ? context.peer : context.offerer;
      bodies += 1;
      await doIt(deed, page, bodies === 1, () => peer.run(() => undefined));
    };
    scenarios.push(makeScenario(declaration, roles, body));
    return { scenario: id, offerer, answerer };
  });
  const problems: Problem[] = [];
  const interruption = new AbortController();
  const session = new Session(
    {
      scripts: { offerer: [], answerer: [] },
      adapter: { name: 'adapter', source: '' },
      signal: interruption.signal,
      retries: 0,
      timeoutMs: cellMs,
      repro: () => '',
    },
    { problem: (problem) => void problems.push(problem) },
    {
      server: { call: () => ({ id: '', log: [], end: () => undefined, through: () => undefined }) },
      hosts,
      store: {
        appendCell: async (cell) => {
          await nextTurn();
          if (stored.length === storeFailsAt)
            throw new IncompleteError('results-not-writable', 'the disk is full');
          stored.push(validateCell(cell));
          tellStored();
        },
        writeEvidence: async (evidence) =>
          evidence.map(({ kind, peer, name }) => ({
            kind,
            peer,
            path: name,
            sha256: '0'.repeat(64),
            bytes: 0,
            pack: 1,
          })),
      },
      scenarios,
      modules: { of: () => [] },
      services: RunningServices.none,
      limits,
      processorTime: idleProcessors(),
      close: () => Promise.resolve(),
    },
  );
  const left = [...cells];
  const inDoubt: InDoubt[] = [];
  const worker = async (): Promise<void> => {
    for (let cell = left.shift(); cell; cell = left.shift()) {
      const came = await session.tryCell(cell, () => false);
      if ('inDoubt' in came) inDoubt.push(came);
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  if (interruptedBeforeSecondLooks) interruption.abort();
  for (const each of inDoubt) await session.runAlone(each);
  await delay(5);
  await session.close();
  return { cells, stored, hosts, problems, storeError: session.storeError };
}

const isLate = (deed: Deed): boolean => lateDeeds.some((late) => late === deed);

const brief = ({ status, reason }: Pick<Cell, 'status' | 'reason'>): string =>
  `${status} ${reason?.code ?? 'null'}`;

describe('a session', () => {
  /** Mocha's own listeners fail the test that runs when a body throws outside of an await. */
  const exceptions = process.listeners('uncaughtException');
  const rejections = process.listeners('unhandledRejection');
  before(() => {
    process.removeAllListeners('uncaughtException');
    process.removeAllListeners('unhandledRejection');
  });
  after(() => {
    for (const listener of exceptions) process.on('uncaughtException', listener);
    for (const listener of rejections) process.on('unhandledRejection', listener);
  });

  for (const deed of deeds) {
    it(`stores one outcome of a cell that ${deed}, alone and in a browser with itself`, async () => {
      const { stored, hosts } = await lived(
        [
          { deed, sides: ['a'] },
          { deed, sides: ['b', 'b'] },
        ],
        1,
        0,
        -1,
      );
      expect(stored.map(brief).join()).to.match(
        new RegExp(`^${due[deed].source.slice(1, -1)},${due[deed].source.slice(1, -1)}$`),
      );
      expect(hosts.flatMap(({ lent }) => [...lent])).to.deep.equal([]);
    });
  }

  for (const [deed, message, incomplete] of [
    ['passes-then-throws', /a was stored as pass, and then came an error that nothing caught: late/, true],
    ['fails-then-throws', /a was stored as fail, and then came an error that nothing caught: late/, false],
    ['fails-then-misses-its-page', null, false],
  ] as const) {
    it(`says what comes late from a cell that ${deed}`, async () => {
      const { stored, problems } = await lived([{ deed, sides: ['a'] }], 1, 0, -1);
      expect(stored.map(brief).join()).to.match(due[deed]);
      expect(problems.map((problem) => problem.incomplete)).to.deep.equal(
        message === null ? [] : [incomplete],
      );
      if (message !== null) expect(problems[0]?.message).to.match(message);
    });
  }

  it('runs a crash again, up to twice, and keeps every attempt', async () => {
    const { stored } = await lived([{ deed: 'kills', sides: ['a'] }], 1, 0, -1);
    expect(stored[0]?.attempts.map(({ status }) => status)).to.deep.equal(['crash', 'crash', 'crash']);
  });

  it('looks once more, alone, at what load may have decided, and keeps both attempts', async () => {
    const plans = [
      { deed: 'slow-at-first', sides: ['a'] },
      { deed: 'never-ends', sides: ['b'] },
    ] as const;
    const { stored } = await lived(plans, 2, 0, -1);
    const [slow, stuck] = stored;
    expect(slow?.attempts.map(({ status }) => status)).to.deep.equal(['timeout', 'pass']);
    expect([slow?.flaky, slow?.attempts[0]?.load?.cellsAtOnce, slow?.load?.cellsAtOnce]).to.deep.equal([
      true,
      2,
      1,
    ]);
    expect(stuck?.attempts.map(({ status }) => status)[0]).to.equal('timeout');
    expect(stuck?.attempts).to.have.length(2);
    expect(stuck && brief(stuck)).to.equal('timeout scenario-timeout');
  });

  it('judges nothing by a first look when it is interrupted before the second, and keeps it', async () => {
    const plans = [
      { deed: 'slow-at-first', sides: ['a'] },
      { deed: 'never-ends', sides: ['b'] },
    ] as const;
    const { stored } = await lived(plans, 2, 0, -1, { interruptedBeforeSecondLooks: true });
    expect(stored).to.have.length(2);
    for (const cell of stored) {
      expect(brief(cell)).to.equal('notrun in-doubt');
      expect(cell.reason?.message).to.match(/beside others it came to timeout: \S/);
      const read = cellsFrom(storedCell(cell), schemaVersion);
      expect(read.map(({ attempts }) => attempts.map(({ status }) => status))).to.deep.equal([
        ['timeout', 'notrun'],
      ]);
    }
  });

  it('looks once more, alone, where no page came although the browser lives', async () => {
    const plans = [
      { deed: 'well', sides: ['a'] },
      { deed: 'well', sides: ['b'] },
    ] as const;
    const { stored } = await lived(plans, 2, 0, -1, { late: 1 });
    for (const { attempts, flaky } of stored) {
      expect(attempts.map(({ status, reason }) => `${status} ${reason?.code ?? ''}`)).to.deep.equal([
        'error deadline',
        'pass ',
      ]);
      expect(flaky).to.equal(true);
    }
    expect(stored).to.have.length(2);
  });

  it('does not end well where a check did not hold when its cell had been stored as a pass', async () => {
    const { stored, problems } = await lived([{ deed: 'fails-late', sides: ['a'] }], 1, 0, -1);
    expect(stored.map(brief)).to.deep.equal(['pass null']);
    expect(problems[0]?.message).to.match(
      /number-0 a was stored as pass, and then came a check that did not hold: a late number/,
    );
  });

  it('stores exactly one outcome of each cell, loses no page and blames the guilty, whatever fails', async () => {
    const runs = fc.record({
      plans: fc.array(plan, { minLength: 1, maxLength: 8 }),
      jobs: fc.integer({ min: 1, max: 4 }),
      refusals: fc.constantFrom(0, 0, 0, 1, 3),
      storeFailsAt: fc.constantFrom(-1, -1, -1, 0, 2),
    });
    await fc.assert(
      fc.asyncProperty(runs, async ({ plans, jobs, refusals, storeFailsAt }) => {
        const lateness = monitorEventLoopDelay({ resolution: 5 });
        lateness.enable();
        const { cells, stored, hosts, problems, storeError } = await lived(
          plans,
          jobs,
          refusals,
          storeFailsAt,
        );
        lateness.disable();
        // if the machine gave this process no time for that long, any cell runs out of time: another example is tried
        fc.pre(lateness.max / 1e6 < cellMs / 2);
        expect(
          hosts.flatMap(({ lent }) => [...lent]),
          'pages that are still lent',
        ).to.deep.equal([]);
        expect(hosts.flatMap(({ wrong }) => wrong)).to.deep.equal([]);
        expect(problems).to.deep.equal([]);
        if (storeError !== undefined) {
          expect(stored).to.have.length(storeFailsAt);
          return;
        }
        expect(stored.map(({ scenario }) => scenario)).to.have.members(cells.map(({ scenario }) => scenario));
        const hangs = plans.some(
          ({ deed }) => deed === 'hangs' || deed.includes('process-stopped') || deed === 'stops-a-process',
        );
        const kills = plans.some(({ deed }) =>
          ['kills', 'fails-as-a-process-died', 'ends-out-of-sight'].includes(deed),
        );
        for (const cell of stored) {
          const { deed } = plans[cells.findIndex(({ scenario }) => scenario === cell.scenario)] ?? {
            deed: 'well',
          };
          const may =
            due[deed].test(brief(cell)) ||
            (refusals > 0 && brief(cell) === 'notrun launch-failed') ||
            // it is not known which of several cells in a browser hung it; the first that says so is taken
            (hangs && brief(cell) === 'timeout browser-hangs') ||
            // nor which one killed it: one that was blamed three times for others stays so
            (kills && cell.attempts.filter(({ status }) => status === 'crash').length === 3);
          expect(may, `${deed}: ${brief(cell)} ${cell.reason?.message ?? ''}`).to.equal(true);
        }
      }),
      { numRuns: 60, endOnFailure: true },
    );
  }).timeout(120_000);
});
