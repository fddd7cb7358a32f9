import { expect } from 'chai';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseBrowserSpec } from '../config/browser-spec.ts';
import { readSideScripts } from '../config/scripts.ts';
import { until } from '../drivers/deadline.ts';
import type { DriverPage, RunningBrowser } from '../drivers/driver.ts';
import { listProcesses, withDescendants } from '../drivers/processes.ts';
import { hasAudioServer } from '../drivers/pulseaudio.ts';
import { hasDisplay } from '../drivers/xvfb.ts';
import { IncompleteError } from '../errors.ts';
import {
  makeScenario,
  type PairContext,
  type PeerHandle,
  type Scenario,
  type SingleContext,
} from '../matrix/scenario.ts';
import { EvidenceReader } from '../results/evidence-reader.ts';
import { wholeOf } from '../results/read-run.ts';
import type { Cell, Evidence, Results } from '../results/schema.ts';
import type { RunOptions } from './options.ts';
import { run } from './run.ts';

/** Page functions are sent as source text; what they touch of the page is named here, as this file has no DOM. */
declare const location: { href: string };
declare const addEventListener: (name: string, listener: () => void) => void;
declare const AudioContext: new () => { state: string; resume: () => Promise<void> };

/** As much of the page's agent as this file uses; the agent's own type needs the DOM. */
interface Agent {
  connect(): { createChannel(label: string): void; negotiate(): Promise<void> };
}

const declaration = {
  title: 'survival',
  asks: 'Does the run survive it?',
  level: 'info',
  specs: [],
} as const;

const single = (
  name: string,
  body: (context: SingleContext<Agent>) => Promise<void>,
  timeoutMs = 4000,
): Scenario => makeScenario({ ...declaration, id: `connection/survival/${name}`, timeoutMs }, 'single', body);
const pair = (
  name: string,
  body: (context: PairContext<Agent>) => Promise<void>,
  timeoutMs = 4000,
): Scenario => makeScenario({ ...declaration, id: `connection/survival/${name}`, timeoutMs }, 'pair', body);

/** The text of a piece of evidence. */
async function textOf(out: string, evidence: Evidence | undefined): Promise<string> {
  const found = evidence === undefined ? undefined : await new EvidenceReader(out).find(evidence);
  return found !== undefined && 'content' in found ? found.content.toString('utf8') : '';
}

/** Proves that the browsers still work. */
const healthy = (name = 'healthy'): Scenario =>
  single(name, async ({ peer }) => {
    expect(await peer.run(() => 6 * 7), 'six times seven').to.equal(42);
  });

/** Leaves evidence. */
const failing = (): Scenario =>
  single('failing', () => {
    expect(1, 'a number').to.equal(2);
    return Promise.resolve();
  });

/** The processes of a browser with this text in their command line. */
async function processesOf(browser: number | undefined, text: string): Promise<number[]> {
  const own = withDescendants(await listProcesses(), browser === undefined ? [] : [browser]);
  const found = await Promise.all(
    own
      .filter(({ zombie }) => !zombie)
      .map(async ({ pid }) => {
        const command = await readFile(`/proc/${String(pid)}/cmdline`, 'latin1');
        return command.replaceAll('\0', ' ').includes(text) ? [pid] : [];
      }),
  );
  return found.flat();
}

/** The renderer processes of a Chromium. */
const renderersOf = (browser: number | undefined): Promise<number[]> =>
  processesOf(browser, '--type=renderer');

/** The processes with this name that this process has started. */
async function childrenCalled(name: string): Promise<number[]> {
  const mine = (await listProcesses()).filter(({ parent, zombie }) => parent === process.pid && !zombie);
  const names = await Promise.all(mine.map(({ pid }) => readFile(`/proc/${String(pid)}/comm`, 'utf8')));
  return mine.map(({ pid }) => pid).filter((_, at) => names[at]?.trim() === name);
}

interface Survived {
  results: Results;
  cells: Cell[];
  started: string[];
  out: string;
}

describe('a run', () => {
  const folders: string[] = [];
  const browsers = new Map<string, RunningBrowser>();
  const pages: DriverPage[] = [];

  async function survive(
    scenarios: Scenario[],
    names: string[],
    options: Partial<RunOptions> = {},
  ): Promise<Survived> {
    const out = await mkdtemp(join(tmpdir(), 'webrtc-interop-survival-'));
    folders.push(out);
    const started: string[] = [];
    const specs = names.map(parseBrowserSpec);
    const ids = specs.map(({ id }) => id);
    const { scripts, adapter } = await readSideScripts([], 'none');
    const stored = await run(
      {
        browsers: specs,
        scenarios,
        cells: scenarios.flatMap(({ result }) => {
          const [offerer = '', other = offerer] = ids;
          const answerer = result.roles === 'pair' ? other : null;
          return [{ scenario: result.id, offerer, answerer }];
        }),
        shard: null,
        out,
        latest: null,
        jobs: 1,
        retries: 0,
        timeoutMs: 4000,
        headed: false,
        scripts,
        adapter,
        argv: [],
        repro: ({ scenario }) => scenario,
        signal: new AbortController().signal,
        ...options,
      },
      {
        browserStarted(id, browser) {
          started.push(id);
          browsers.set(id, browser);
          const open = browser.open.bind(browser);
          browser.open = async (url) => {
            const page = await open(url);
            pages.push(page);
            return page;
          };
        },
      },
    );
    const results = await wholeOf(stored);
    // A cell that got a second look is stored after the others.
    const order = scenarios.map(({ result }) => result.id);
    const cells = results.cells.toSorted((a, b) => order.indexOf(a.scenario) - order.indexOf(b.scenario));
    return { results, cells, started, out };
  }

  const signal = (id: string, name: NodeJS.Signals): void => {
    const pid = browsers.get(id)?.pid;
    if (pid === undefined) throw new Error(`${id} has no process id`);
    process.kill(pid, name);
  };
  const brief = ({ status, phase, reason }: Pick<Cell, 'status' | 'phase' | 'reason'>): string =>
    `${status}@${String(phase)}: ${reason?.message ?? ''}`;
  const first = ({ cells: [cell] }: Survived): Cell => {
    if (!cell) throw new Error('there is no cell');
    return cell;
  };

  afterEach(async () => {
    pages.length = 0;
    for (const out of folders.splice(0)) await rm(out, { recursive: true, force: true });
  });

  for (const name of ['chromium', 'firefox', 'webkitgtk', 'driven=chromium+webdriverio'] as const) {
    it(`makes one crash of ${name} killed with SIGKILL during a cell, starts it again and goes on`, async () => {
      const killed = single('killed', async ({ peer }) => {
        signal(peer.browser, 'SIGKILL');
        await peer.run(() => new Promise(() => undefined));
      });
      const options = { strict: true };
      const { cells, started, results } = await survive(
        [healthy('before'), killed, healthy('after')],
        [name],
        options,
      );
      expect(cells.map(({ status }) => status)).to.deep.equal(['pass', 'crash', 'pass']);
      // Only a parent learns of the signal, and a driver program is one in between.
      expect(cells[1]?.reason?.message).to.match(/\(process \d+\) (?:was ended by SIGKILL|ended)/);
      expect(started).to.have.lengthOf(2);
      expect(results.run.complete).to.equal(true);
    });
  }

  it('blames one cell for a browser that dies under several, and runs the others again', async () => {
    let killed = 0;
    const victim = (name: string): Scenario =>
      single(name, async ({ peer }) => {
        // Whoever comes first kills it once, when the other is on its way too.
        const alone = (killed += 1) > 2;
        if (killed === 2) signal(peer.browser, 'SIGKILL');
        if (!alone) await peer.run(() => new Promise(() => undefined));
        expect(await peer.run(() => 6 * 7), 'six times seven').to.equal(42);
      });
    const { cells } = await survive([victim('one'), victim('two')], ['chromium'], { jobs: 2 });
    expect(cells.map(({ status }) => status)).to.deep.equal(['pass', 'pass']);
    const attempts = cells.flatMap((cell) => cell.attempts.map(({ status }) => status));
    expect(attempts.toSorted()).to.deep.equal(['crash', 'pass', 'pass']);
  });

  it('runs a crash again at once, up to twice, and keeps every attempt', async () => {
    let times = 0;
    const once = single('once', async ({ peer }) => {
      if ((times += 1) === 1) {
        signal(peer.browser, 'SIGKILL');
        // a page may still answer while its browser dies
        await peer.run(() => new Promise(() => undefined));
      }
      expect(await peer.run(() => 6 * 7), 'six times seven').to.equal(42);
    });
    const always = single('always', async ({ peer }) => {
      signal(peer.browser, 'SIGKILL');
      await peer.run(() => new Promise(() => undefined));
    });
    const { cells } = await survive([once, always], ['chromium']);
    expect(cells.map(({ attempts }) => attempts.map(({ status }) => status).join())).to.deep.equal([
      'crash,pass',
      'crash,crash,crash',
    ]);
    expect(cells[0]).to.include({ status: 'pass', flaky: true });
  });

  it('calls a page whose renderer was killed a crash', async () => {
    const dies = single('renderer', async ({ peer }) => {
      for (const pid of await renderersOf(browsers.get(peer.browser)?.pid)) process.kill(pid, 'SIGKILL');
      await peer.run(() => new Promise(() => undefined));
    });
    const survived = await survive([dies, healthy()], ['chromium'], { strict: true });
    expect(brief(first(survived))).to.match(
      /^crash@assert: single chromium: A page of chromium crashed: its process ended/,
    );
    expect(survived.cells[1]?.status).to.equal('pass');
  });

  it('calls a page that crashed a crash under WebDriver, too, where only those are told who ask', async () => {
    const dies = single('renderer-by-webdriver', async ({ peer }) => {
      for (const pid of await renderersOf(browsers.get(peer.browser)?.pid)) process.kill(pid, 'SIGKILL');
      await peer.run(() => new Promise(() => undefined));
    });
    const survived = await survive([dies, healthy()], ['chromium=chromium+webdriverio'], { strict: true });
    expect(brief(first(survived))).to.match(
      /^crash@assert: single chromium: A page crashed, says its driver: .*crash/,
    );
    expect(survived.cells[1]?.status).to.equal('pass');
  });

  for (const [helper, name, stillThere] of [
    [
      'pulseaudio',
      'firefox',
      // an AudioContext of Firefox starts with an audio server only
      async () => {
        const context = new AudioContext();
        await context.resume();
        return context.state;
      },
    ],
    ['Xvfb', 'webkitgtk', () => Promise.resolve('running')],
  ] as const) {
    it(`calls the loss of ${helper} the machine’s, never ${name}’s, and goes on with another`, async function () {
      const dies = single('dies', async ({ peer }) => {
        const pids = await childrenCalled(helper);
        expect(pids, helper).to.have.lengthOf(1);
        for (const pid of pids) process.kill(pid, 'SIGKILL');
        await peer.run(() => new Promise(() => undefined));
      });
      const after = single('after', async ({ peer }) => {
        expect(await peer.run(stillThere), 'what needs the helper').to.equal('running');
      });
      const hasOne = name === 'firefox' ? await hasAudioServer() : hasDisplay();
      if (hasOne) this.skip();
      const { cells, started, results } = await survive(
        [after, dies, { ...after, result: { ...after.result, id: `${after.result.id}-again` } }],
        [name],
      );
      expect(cells.map(({ status }) => status)).to.deep.equal(['pass', 'error', 'pass']);
      expect(cells[1]?.reason?.code).to.equal('helper-died');
      expect(cells[1]?.reason?.message.toLowerCase()).to.include(`${helper.toLowerCase()} (process`);
      expect(started).to.deep.equal([name, name]);
      expect(results.run.complete).to.equal(true);
    });
  }

  it('calls errors outside of an await errors of their own cell, and leaves the seven beside it alone', async () => {
    const throwing = single('throwing', async ({ peer }) => {
      expect(await peer.run(() => 42), 'a number').to.equal(42);
      setTimeout(() => {
        throw new TypeError('in a timer');
      });
      await peer.run(() => new Promise(() => undefined));
    });
    const floating = single('floating', async ({ peer }) => {
      expect(await peer.run(() => 42), 'a number').to.equal(42);
      void Promise.reject(new TypeError('floating'));
    });
    const late = single('late', async ({ peer }) => {
      expect(await peer.run(() => 42), 'a number').to.equal(42);
      setTimeout(() => expect(1, 'late').to.equal(2), 5000);
    });
    const unawaited = single('unawaited', async ({ peer }) => {
      expect(await peer.run(() => 42), 'a number').to.equal(42);
      void peer.run(() => 43).then((value) => expect(value, 'another').to.equal(42));
    });
    const exceptions = process.listeners('uncaughtException');
    const rejections = process.listeners('unhandledRejection');
    // Mocha's own listeners fail the test that runs now.
    process.removeAllListeners('uncaughtException');
    process.removeAllListeners('unhandledRejection');
    try {
      const names = ['one', 'two', 'three', 'four'];
      const { cells, results } = await survive(
        [throwing, floating, late, unawaited, ...names.map(healthy)],
        ['chromium'],
        { jobs: 8 },
      );
      const codes = new Map(
        cells.map(({ scenario, status, reason }) => [scenario, `${status} ${reason?.code ?? ''}`]),
      );
      expect(Object.fromEntries(codes)).to.deep.equal({
        'connection/survival/throwing': 'error uncaught-error',
        'connection/survival/floating': 'error uncaught-error',
        'connection/survival/late': 'error timer-left',
        'connection/survival/unawaited': 'error not-awaited',
        ...Object.fromEntries(names.map((name) => [`connection/survival/${name}`, 'pass '])),
      });
      expect(results.run.complete).to.equal(true);
    } finally {
      for (const listener of exceptions) process.on('uncaughtException', listener);
      for (const listener of rejections) process.on('unhandledRejection', listener);
    }
  });

  it('calls a cell that fails as Chromium lost its GPU process a crash, and goes on in the same browser', async () => {
    const gpu = (browser: string): Promise<number[]> =>
      processesOf(browsers.get(browser)?.pid, '--type=gpu-process');
    let bodies = 0;
    const loses = single('loses', async ({ peer }) => {
      if ((bodies += 1) > 1) return void expect(1, 'a number').to.equal(1);
      const [victim] = await gpu(peer.browser);
      if (victim === undefined) throw new Error('there is no GPU process');
      process.kill(victim, 'SIGKILL');
      const another = async (): Promise<boolean> => (await gpu(peer.browser)).some((one) => one !== victim);
      expect(await until(another, { ms: 3500 }), 'another one').to.equal(true);
      expect(1, 'a number').to.equal(2);
    });
    const { cells, started } = await survive([loses, healthy()], ['chromium']);
    expect(cells.map(({ status }) => status)).to.deep.equal(['pass', 'pass']);
    const [attempt] = cells[0]?.attempts ?? [];
    expect(attempt && brief(attempt)).to.match(
      /^crash@.*: single chromium started chromium --type=gpu-process \(process \d+\) during the cell/,
    );
    expect(started).to.deep.equal(['chromium']);
  });

  it('calls a browser that hangs during a cell a timeout, ends it, starts it again and goes on', async () => {
    const hung = single(
      'hung',
      async ({ peer }) => {
        signal(peer.browser, 'SIGSTOP');
        await peer.run(() => new Promise(() => undefined));
      },
      1000,
    );
    const { cells, started } = await survive([hung, healthy()], ['firefox']);
    expect(cells.map(({ status }) => status)).to.deep.equal(['timeout', 'pass']);
    expect(cells[0]?.reason?.message).to.match(/single firefox/);
    expect(started).to.deep.equal(['firefox', 'firefox']);
  });

  it('names a browser that hangs behind pages that still answer, and gives other cells a page of the next', async () => {
    let stopped = (): void => undefined;
    const stop = new Promise<void>((resolve) => (stopped = resolve));
    const hangs = single(
      'hangs',
      async ({ peer }) => {
        signal(peer.browser, 'SIGSTOP');
        stopped();
        await peer.run(() => new Promise(() => undefined));
      },
      1000,
    );
    const beside = single('beside', async ({ peer }) => {
      await stop;
      expect(await peer.run(() => 6 * 7), 'six times seven').to.equal(42);
    });
    // There are two pages, and the one that hangs is not given back: this needs a third.
    const after = pair('after', async ({ offerer, answerer }) => {
      expect(await offerer.run(() => 6 * 7), 'six times seven').to.equal(42);
      expect(await answerer.run(() => 6 * 7), 'six times seven').to.equal(42);
    });
    const { cells, started } = await survive([hangs, beside, after], ['chromium'], { jobs: 2 });
    const of = (name: string): string =>
      cells.filter(({ scenario }) => scenario.endsWith(name)).map(brief)[0] ?? '';
    expect(of('hangs')).to.match(/^timeout@assert: single chromium hangs: .*1000 ms ran out/);
    expect([of('beside'), of('after')]).to.deep.equal(['pass@null: ', 'pass@null: ']);
    expect(started).to.deep.equal(['chromium', 'chromium']);
  });

  it('names a process of a browser that is stopped while its pages answer, and starts the browser again', async () => {
    const stops = (name: string, body: (peer: PeerHandle<Agent>) => Promise<unknown>): Scenario =>
      single(
        name,
        async ({ peer }) => {
          const [socket] = await processesOf(browsers.get(peer.browser)?.pid, ' socket');
          if (socket === undefined) throw new Error('Firefox has no socket process');
          process.kill(socket, 'SIGSTOP');
          await body(peer);
        },
        1000,
      );
    const waits = stops('waits', (peer) => peer.run(() => new Promise(() => undefined)));
    const fails = stops('fails', () => Promise.resolve(expect(1, 'a number').to.equal(2)));
    const { cells, started } = await survive([waits, healthy('one'), fails, healthy('two')], ['firefox']);
    expect(cells.map(({ status }) => status)).to.deep.equal(['timeout', 'pass', 'timeout', 'pass']);
    for (const cell of [cells[0], cells[2]])
      expect(cell && brief(cell)).to.match(
        /: single firefox hangs: Socket Process \(process \d+\) is stopped; it was ended\. /,
      );
    expect(started).to.deep.equal(['firefox', 'firefox', 'firefox']);
  });

  it('names the script that a page did not survive, with its console and a picture', async () => {
    const script = { name: 'my-polyfill.js', source: 'throw new Error("<b>no</b>")' };
    const survived = await survive([pair('script', () => Promise.resolve())], ['chromium'], {
      scripts: { offerer: [], answerer: [script] },
    });
    expect(brief(first(survived))).to.match(
      /^error@signaling: chromium: the page could not start: .*<b>no<\/b> \(my-polyfill\.js:1\)/,
    );
    expect(first(survived).reason?.peer).to.equal('answerer');
    const kinds = first(survived).evidence.map(({ kind, peer }) => `${kind} ${String(peer)}`);
    expect(kinds).to.deep.equal(['console answerer', 'screenshot answerer']);
  });

  it('ends when evidence can no longer be written, and keeps what was stored', async () => {
    const evidence = (): string => join(folders.at(-1) ?? '', 'evidence');
    const blocked = single('blocked', async () => {
      await rm(evidence(), { recursive: true });
      await writeFile(evidence(), '');
      expect(1, 'a number').to.equal(2);
    });
    const ended: unknown = await survive([failing(), blocked, healthy('never')], ['chromium']).catch(
      (error: unknown) => error,
    );
    expect(ended).to.be.instanceOf(IncompleteError).with.property('code', 'results-gone');
    expect(String(ended)).to.match(/evidence\/pack-0001\.js was removed or moved/);
    const lines = (await readFile(join(folders.at(-1) ?? '', 'results.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as Cell).scenario)).to.deep.equal([
      'connection/survival/failing',
    ]);
  });

  it('calls an exception in a page a failure of that side, with what was thrown', async () => {
    const survived = await survive(
      [
        pair('throws', async ({ answerer }) => {
          await answerer.run(() => {
            throw new TypeError('<b>no</b>');
          });
        }),
        healthy(),
      ],
      ['chromium'],
    );
    expect(brief(first(survived))).to.equal(
      'fail@assert: seen at the answerer (chromium): TypeError: <b>no</b>',
    );
    expect(survived.cells[1]?.status).to.equal('pass');
  });

  it('says that a page went elsewhere, and goes on with another', async () => {
    const survived = await survive(
      [
        single('leaves', async ({ peer }) => {
          await peer.run(() => {
            location.href = 'about:blank';
            return new Promise(() => undefined);
          });
        }),
        healthy(),
      ],
      ['chromium'],
    );
    expect(brief(first(survived))).to.match(/^fail@assert: single chromium: .*navigated away/);
    expect(survived.cells[1]?.status).to.equal('pass');
  });

  it('says that a page was closed, and goes on with another', async () => {
    const survived = await survive(
      [
        single('closes', async ({ peer }) => {
          const running = peer.run(() => new Promise(() => undefined));
          for (const page of pages) await page.close();
          await running;
        }),
        healthy(),
      ],
      ['chromium'],
    );
    expect(brief(first(survived))).to.match(/single chromium: .* closed|went away/);
    expect(first(survived).status).to.be.oneOf(['fail', 'crash']);
    expect(survived.cells[1]?.status).to.equal('pass');
  });

  it('makes no timeout of a clock that is set forward and back by an hour while cells run', async () => {
    const RealDate = Date;
    let setBy = 0;
    class SetClock extends RealDate {
      constructor(value: number | string | Date = SetClock.now()) {
        super(value);
      }
      static override now(): number {
        return RealDate.now() + setBy;
      }
    }
    const whileItIsSet = (name: string, by: number): Scenario =>
      pair(name, async ({ offerer, answerer }) => {
        const answers = [offerer, answerer].map((peer) =>
          peer.run(() => new Promise((resolve) => setTimeout(resolve, 500, 42))),
        );
        setBy += by;
        expect(await Promise.all(answers), 'two numbers').to.deep.equal([42, 42]);
      });
    const hour = 3_600_000;
    Reflect.set(globalThis, 'Date', SetClock);
    try {
      const began = new Date().getTime();
      const { cells, results } = await survive(
        [whileItIsSet('forward', hour), whileItIsSet('back', -2 * hour), healthy()],
        ['chromium', 'firefox'],
      );
      expect(new Date().getTime()).to.be.below(began);
      expect(cells.map(brief)).to.deep.equal(['pass@null: ', 'pass@null: ', 'pass@null: ']);
      expect(Math.max(...cells.map(({ durationMs }) => durationMs))).to.be.below(60_000);
      expect(results.run.complete).to.equal(true);
    } finally {
      Reflect.set(globalThis, 'Date', RealDate);
    }
  });

  it('ends a scenario that never ends when its time is over', async () => {
    const survived = await survive(
      [single('never-ends', () => new Promise(() => undefined), 500), healthy()],
      ['chromium'],
    );
    expect(brief(first(survived))).to.match(/^timeout@assert: the scenario's 500 ms ran out \(--timeout\)/);
    expect(survived.cells[1]?.status).to.equal('pass');
  });

  it('ends a page that loops without end', async () => {
    const survived = await survive(
      [
        single(
          'loops',
          async ({ peer }) => {
            await peer.run(() => {
              for (;;);
            });
          },
          500,
        ),
        healthy(),
      ],
      ['chromium'],
    );
    expect(brief(first(survived))).to.match(/^timeout@assert: single chromium stopped answering/);
    expect(survived.cells[1]?.status).to.equal('pass');
  });

  it('calls a scenario that checked nothing an error, never a pass', async () => {
    const survived = await survive([single('empty', () => Promise.resolve())], ['chromium']);
    expect(brief(first(survived))).to.match(/^error@assert: the scenario checked nothing/);
  });

  it('does not pass a scenario that swallowed a check that did not hold, and goes on', async () => {
    const swallows = single('swallows', async () => {
      await Promise.resolve()
        .then(() => expect(1, 'a number').to.equal(2))
        .catch(() => undefined);
    });
    const survived = await survive([swallows, healthy()], ['chromium']);
    expect(survived.cells.map(brief)).to.deep.equal([
      'fail@assert: a number did not hold, although the scenario went on',
      'pass@null: ',
    ]);
  });

  it('goes on without a browser that will not start, and is incomplete', async () => {
    const { results, cells } = await survive([healthy()], ['gone=chromium:/nonexistent/browser']);
    expect(results.run.complete).to.equal(false);
    expect(cells.map(brief)[0]).to.match(/^notrun@launch: .*\/nonexistent\/browser/);
  });

  it('keeps what was thrown and every attempt when a retry passes', async () => {
    let tries = 0;
    const flaky = single('flaky', async ({ peer }) => {
      expect(await peer.run(() => 42), 'a number that is right the second time').to.equal(
        (tries += 1) > 1 ? 42 : 41,
      );
    });
    const { cells } = await survive([flaky], ['chromium'], { retries: 2 });
    expect(cells[0]).to.include({ status: 'pass', flaky: true });
    expect(cells[0]?.attempts.map(({ status }) => status)).to.deep.equal(['fail', 'pass']);
  });

  for (const name of ['chromium', 'firefox'] as const) {
    it(`brings home what ${name} said of errors that nobody caught, beside its console`, async () => {
      const survived = await survive(
        [
          single('uncaught', async ({ peer }) => {
            await peer.run(async () => {
              const heard = ['error', 'unhandledrejection'].map(
                (name) => new Promise<void>((resolve) => addEventListener(name, resolve)),
              );
              console.warn('watch out');
              setTimeout(() => {
                throw new TypeError('nobody caught this');
              });
              void Promise.reject(new RangeError('nobody handled this'));
              await Promise.all(heard);
            });
            expect(1, 'a number').to.equal(2);
          }),
        ],
        [name],
      );
      const file = first(survived).evidence.find(({ kind }) => kind === 'console');
      const lines = (await textOf(survived.out, file)).trimEnd().split('\n');
      const said = lines.map((line) => JSON.parse(line) as { level: string; text: string });
      expect(said.map(({ level }) => level)).to.have.members(['warn', 'uncaught', 'unhandledrejection']);
      expect(said.map(({ text }) => text).join('\n'))
        .to.contain('nobody caught this')
        .and.to.contain('nobody handled this');
    });
  }

  it('brings both descriptions, the signaling log, the closing statistics, console and pictures home', async () => {
    const survived = await survive(
      [
        pair('evidence', async ({ offerer, answerer, frame, trace }) => {
          frame('decoded', `data:image/png;base64,${Buffer.from('picture').toString('base64')}`);
          trace('table', { rows: 1 });
          await answerer.run((agent) => void agent.connect());
          await offerer.run(async (agent) => {
            console.log('<script>alert(1)</script>');
            const connection = agent.connect();
            connection.createChannel('<img src=x>');
            await connection.negotiate();
          });
          expect(1, 'a number').to.equal(2);
        }),
      ],
      ['chromium'],
    );
    const { evidence } = first(survived);
    const kinds = evidence.map(({ kind, peer }) => `${kind} ${String(peer)}`).toSorted();
    expect([...new Set(kinds)]).to.deep.equal([
      'answer answerer',
      'console answerer',
      'console offerer',
      'frame null',
      'offer offerer',
      'screenshot answerer',
      'screenshot offerer',
      'signaling-log null',
      'stats answerer',
      'stats offerer',
      'trace null',
    ]);
    const file = evidence.find(({ kind, peer }) => kind === 'console' && peer === 'offerer');
    expect(await textOf(survived.out, file)).to.include('<script>alert(1)</script>');
  });
}).timeout(90_000);
