import { factsOf } from '../config/browsers.ts';
import { expect } from 'chai';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import type { BrowserKind, DrivenSpec, DriverName } from '../config/browser-spec.ts';
import type { HarnessError } from '../errors.ts';
import { settlesWithin, until } from './deadline.ts';
import type { LaunchOptions, RunningBrowser } from './driver.ts';
import { findDriverProgram, findExecutable } from './executables.ts';
import { startBrowser } from './index.ts';
import { listProcesses, withDescendants } from './processes.ts';
import { processesMentioning } from './processes-mentioning.ts';

/** What every driver must pass with a browser that it drives. */
const subjects: { kind: BrowserKind; driver: DriverName; hearsConsole: boolean }[] = [
  { kind: 'chromium', driver: 'playwright', hearsConsole: true },
  { kind: 'chromium', driver: 'webdriverio', hearsConsole: true },
  { kind: 'firefox', driver: 'playwright', hearsConsole: true },
  { kind: 'firefox', driver: 'webdriverio', hearsConsole: true },
  { kind: 'webkitgtk', driver: 'webdriverio', hearsConsole: false },
];

const options: LaunchOptions = { headed: false, timeoutMs: 60_000 };

/** A page of one colour that reports its state, every 200 ms, by HTTP. */
const pageHtml = `<!doctype html><title>conformance</title><style>body{background:rgb(0,170,0)}</style>
<canvas width="64" height="64" style="visibility:hidden"></canvas><video muted autoplay playsinline style="visibility:hidden"></video>
<script>
const name = location.search.slice(1);
const state = { name, painted: 0, ticks: 0, frames: 0, audio: '', visible: '', at: 0, foreign: [] };
(function paint() { state.painted++; requestAnimationFrame(paint); })();
const canvas = document.querySelector('canvas'), video = document.querySelector('video'), draw = canvas.getContext('2d');
setInterval(() => { state.ticks++; draw.fillStyle = 'hsl(' + state.ticks * 7 % 360 + ' 90% 50%)'; draw.fillRect(0, 0, 64, 64); }, 20);
video.srcObject = canvas.captureStream(30);
(function next() { video.requestVideoFrameCallback(() => { state.frames++; next(); }); })();
const audio = new AudioContext();
console.log('hello from', name);
console.error('this is bad');
setTimeout(() => { throw new Error('boom in ' + name); }, 10);
if (name.endsWith('-window')) document.body.append(Object.assign(document.createElement('iframe'), { src: '?' + name.replace('-window', '-frame') }));
setInterval(() => {
  Object.assign(state, { audio: audio.state, visible: document.visibilityState, at: performance.now(), foreign: Object.getOwnPropertyNames(window).filter((key) => key.startsWith('__')) });
  fetch('/report', { method: 'POST', body: JSON.stringify(state) });
}, 200);
</script>`;

interface Report {
  name: string;
  painted: number;
  ticks: number;
  frames: number;
  audio: string;
  visible: string;
  at: number;
  /** Globals that a driver may have put there. */
  foreign: string[];
}

/** The latest report of each page, by the name in its URL. */
class Reports {
  readonly latest = new Map<string, Report>();
  url = '';
  readonly #server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (data) => (body += String(data)));
    request.on('end', () => {
      if (request.method === 'POST') this.#take(JSON.parse(body));
      response.setHeader('content-type', 'text/html').end(request.method === 'POST' ? '' : pageHtml);
    });
  });

  #take(report: Report): void {
    this.latest.set(report.name, report);
  }

  /** Waits for a report of the page that satisfies the condition, and returns it. */
  async wait(name: string, condition: (report: Report) => boolean, ms: number): Promise<Report> {
    const holds = (): boolean => {
      const report = this.latest.get(name);
      return report !== undefined && condition(report);
    };
    const held = await until(holds, { ms });
    const report = this.latest.get(name);
    if (!held || report === undefined) {
      throw new Error(`Page ${name} did not come so far within ${ms} ms; it said ${JSON.stringify(report)}.`);
    }
    return report;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    const address = this.#server.address();
    if (typeof address === 'object' && address !== null) this.url = `http://127.0.0.1:${address.port}/`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

describe('every driver', function () {
  this.timeout(120_000);
  const reports = new Reports();
  const running = new Set<RunningBrowser>();
  const realTmp = process.env['TMPDIR'];
  let folder = '';
  let ran = 0;

  /** Starts a browser that the suite ends if the test does not. */
  const start = async (spec: DrivenSpec, changed: Partial<LaunchOptions> = {}): Promise<RunningBrowser> => {
    const browser = await startBrowser(spec, { ...options, ...changed });
    running.add(browser);
    return browser;
  };
  /** The error of a launch that must fail. By name: mocha may have loaded the class a second time. */
  const failure = async (
    spec: DrivenSpec,
    timeoutMs: number,
  ): Promise<{ error: HarnessError; tookMs: number }> => {
    const begun = performance.now();
    const outcome = await start(spec, { timeoutMs }).catch((error: unknown) => error);
    expect(outcome).to.include({ name: 'LaunchError' });
    const isError = (value: unknown): value is HarnessError => value instanceof Error && 'code' in value;
    if (!isError(outcome)) throw new Error('The error has no code.');
    return { error: outcome, tookMs: performance.now() - begun };
  };
  const left = async (): Promise<string[]> =>
    (await processesMentioning(folder))
      // The reaper stays for the next browser.
      .filter(({ command }) => !command.includes('webrtc-interop-reaper'))
      .map(({ pid, command }) => `${pid} ${command.slice(0, 80)}`);

  before(async () => {
    // Everything that is started here writes below this folder, and so can be told from what others start.
    folder = await mkdtemp(join(tmpdir(), 'wi-conformance-'));
    process.env['TMPDIR'] = folder;
    await reports.listen();
  });

  after(async () => {
    reports.close();
    if (realTmp === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = realTmp;
    await rm(folder, { recursive: true, force: true });
    if (ran === 0)
      throw new Error('No browser is installed, so nothing was tested: npx webrtc-interop install.');
  });

  for (const { kind, driver, hearsConsole } of subjects) {
    describe(`${kind} by ${driver}`, () => {
      const spec: DrivenSpec = { id: `${kind}-${driver}`, kind, driver };

      before(async function () {
        const program = driver === 'webdriverio' ? factsOf(kind).program : undefined;
        if ((await findExecutable(kind)) === undefined) return skip(this, `${kind} is not installed`);
        if (program !== undefined && (await findDriverProgram(program)) === undefined) {
          return skip(this, `${program} is not installed`);
        }
        ran += 1;
      });

      describe('a browser that runs', () => {
        let browser: RunningBrowser;
        before(async () => {
          browser = await start(spec);
        });
        after(() => browser.close());

        it('tells what it is', () => {
          const { details, pid } = browser;
          expect(details.version).to.match(/^\d+\.\d/);
          expect(details.product).to.match(/Chromium|Firefox|WebKitGTK/);
          expect(details.driver.name).to.equal(driver);
          expect(details.driver.version).to.match(/^\d+\.\d/);
          expect(details.reasons.every(({ setting, reason }) => setting !== '' && reason !== '')).to.equal(
            true,
          );
          expect(pid).to.be.above(1);
        });

        it('opens a URL, shows it in a screenshot and brings its console home', async () => {
          const name = `${spec.id}-colour`;
          const page = await browser.open(`${reports.url}?${name}`);
          await reports.wait(name, ({ painted }) => painted > 5, 20_000);
          let seen: number[] = [];
          // What the page painted reaches the screen later where the machine is busy.
          await until(
            async () => {
              seen = middleOf(await page.screenshot());
              return seen.join() === '0,170,0';
            },
            { ms: 10_000 },
          );
          expect(seen).to.deep.equal([0, 170, 0]);
          const lines = (await page.console()).map(({ level, text }) => `${level}: ${text}`);
          if (hearsConsole) {
            expect(lines).to.include(`log: hello from ${name}`);
            expect(lines).to.include('error: this is bad');
            expect(lines.find((line) => line.startsWith('pageerror: '))).to.include(`boom in ${name}`);
          } else expect(lines).to.deep.equal([]);
          await page.close();
          await page.close();
        });

        it('keeps four pages at once visible, painting, ticking and capturing', async () => {
          const names = ['one', 'two', 'three', 'four'].map((name) => `${spec.id}-${name}`);
          const pages = [];
          for (const name of names) pages.push(await browser.open(`${reports.url}?${name}`));
          const begun = await Promise.all(
            names.map((name) => reports.wait(name, ({ at }) => at > 1000, 20_000)),
          );
          for (const before of begun) {
            const now = await reports.wait(before.name, ({ at }) => at >= before.at + 3000, 30_000);
            const perSecond = (count: 'ticks' | 'painted' | 'frames'): number =>
              (1000 * (now[count] - before[count])) / (now.at - before.at);
            expect(now.visible, before.name).to.equal('visible');
            // A throttled page ticks once a second and paints nothing; a busy machine is slow, but not so slow.
            expect(perSecond('ticks'), `ticks of ${before.name}`).to.be.above(4);
            expect(perSecond('painted'), `paints of ${before.name}`).to.be.above(2);
            expect(perSecond('frames'), `frames of ${before.name}`).to.be.above(2);
          }
          await Promise.all(pages.map((page) => page.close()));
        });

        it('runs Web Audio', async () => {
          const name = `${spec.id}-audio`;
          const page = await browser.open(`${reports.url}?${name}`);
          await reports.wait(name, ({ audio }) => audio === 'running', 20_000);
          await page.close();
        });

        it('leaves what a frame shows alone', async () => {
          const page = await browser.open(`${reports.url}?${spec.id}-window`);
          // Playwright puts its scripts there within some tenths of a second
          const { foreign } = await reports.wait(`${spec.id}-frame`, ({ at }) => at > 3000, 20_000);
          expect(foreign).to.deep.equal([]);
          await page.close();
        });

        it('survives a URL that cannot be opened', async () => {
          const outcome = await browser.open('http://127.0.0.1:1/').catch((error: unknown) => error);
          // Some driver programs show the browser's error page instead.
          if (driver === 'playwright') expect(outcome).to.include({ code: 'open-failed' });
          const page = await browser.open(`${reports.url}?${spec.id}-after`);
          await reports.wait(`${spec.id}-after`, () => true, 20_000);
          await page.close();
        });

        it('lives', async () => {
          expect(await browser.isAlive()).to.equal(true);
        });
      });

      it('leaves no process and no profile when it is closed, and may be closed twice', async () => {
        const browser = await start(spec);
        await browser.open(`${reports.url}?closing`);
        const [first, second] = await Promise.all([browser.close(), browser.close()]);
        expect(first).to.equal(second);
        expect(await browser.exited).to.equal(first);
        expect(await browser.isAlive()).to.equal(false);
        expect(await left()).to.deep.equal([]);
        expect(await readdir(folder)).to.deep.equal([]);
      });

      it('says so when it is killed', async () => {
        const browser = await start(spec);
        await browser.open(`${reports.url}?killed`);
        process.kill(browser.pid ?? NaN, 'SIGKILL');
        const { signal, description } = await browser.exited;
        expect(description).to.include(String(browser.pid));
        if (driver === 'playwright') expect(signal).to.equal('SIGKILL');
        const asked = performance.now();
        expect(await browser.isAlive()).to.equal(false);
        expect(performance.now() - asked).to.be.below(1000);
        await browser.close();
        expect(await left()).to.deep.equal([]);
        expect(await readdir(folder)).to.deep.equal([]);
      });

      it('opens no page any more once it was killed, and says so at once, though the page waits for a process', async function () {
        if (spec.kind !== 'chromium' || driver !== 'playwright' || process.platform !== 'linux')
          return this.skip();
        const browser = await start(spec);
        const own = withDescendants(await listProcesses(), [browser.pid ?? NaN]);
        for (const { pid } of own) {
          const command = await readFile(`/proc/${String(pid)}/cmdline`, 'latin1');
          if (command.includes('--type=zygote')) process.kill(pid, 'SIGSTOP');
        }
        // It may have a spare renderer, which the first page takes; the second waits for another.
        const opening = Promise.all(['one', 'two'].map((name) => browser.open(`${reports.url}?${name}`)));
        expect(await settlesWithin(2000, opening), 'a page without a process').to.equal(false);
        const killed = performance.now();
        process.kill(browser.pid ?? NaN, 'SIGKILL');
        expect(await opening.catch((error: unknown) => error)).to.include({ code: 'open-failed' });
        expect(performance.now() - killed).to.be.below(10_000);
        await browser.close();
      });

      it('is alive while it is stopped, and ends all the same', async () => {
        const browser = await start(spec);
        await browser.open(`${reports.url}?stopped`);
        process.kill(browser.pid ?? NaN, 'SIGSTOP');
        const asked = performance.now();
        expect(await browser.isAlive()).to.equal(true);
        expect(performance.now() - asked).to.be.below(1000);
        const closing = performance.now();
        await browser.close();
        expect(performance.now() - closing).to.be.below(20_000);
        expect(await left()).to.deep.equal([]);
        expect(await readdir(folder)).to.deep.equal([]);
      });

      it('names the executable that is not there', async () => {
        const { error } = await failure({ ...spec, executable: '/nowhere/browser' }, 10_000);
        expect(error).to.include({ code: 'browser-not-found' });
        expect(error.message).to.include('/nowhere/browser');
      });

      for (const executable of ['/bin/false', '/bin/sleep']) {
        it(`says that ${executable} did not start as a browser`, async () => {
          const { error, tookMs } = await failure({ ...spec, executable }, 20_000);
          expect(error).to.include({ code: 'launch-failed' });
          expect(error.message).to.include(executable);
          expect(tookMs).to.be.below(20_000);
          expect(await left()).to.deep.equal([]);
        });
      }

      it('gives up on an executable that hangs, and leaves nothing of it', async () => {
        const tools = await mkdtemp(join(folder, 'tools-'));
        const executable = join(tools, 'hangs');
        await writeFile(executable, '#!/bin/sh\nsleep 1000 & wait\n');
        await chmod(executable, 0o755);
        const { error, tookMs } = await failure({ ...spec, executable }, 3000);
        expect(error).to.include({ code: 'launch-timeout' });
        expect(error.message).to.include('3000 ms').and.include('--timeout');
        expect(tookMs).to.be.below(20_000);
        expect(await left()).to.deep.equal([]);
        await rm(tools, { recursive: true });
        // Playwright removes the profile once the process that it killed has ended.
        expect(await until(async () => (await readdir(folder)).length === 0, { ms: 3000 })).to.equal(true);
      });

      after(async () => {
        await Promise.all([...running].map((browser) => browser.close()));
        running.clear();
      });
    });
  }
});

/** Red, green and blue of a picture's middle. */
function middleOf(png: Buffer): number[] {
  const { width, height, data } = PNG.sync.read(png);
  const middle = 4 * (Math.floor(height / 2) * width + Math.floor(width / 2));
  return [...data.subarray(middle, middle + 3)];
}

/** Mocha prints no reason for a skipped suite, so its title gets it. */
function skip(context: Mocha.Context, reason: string): never {
  const suite = context.test?.parent;
  if (suite !== undefined) suite.title += ` (skipped: ${reason})`;
  return context.skip();
}
