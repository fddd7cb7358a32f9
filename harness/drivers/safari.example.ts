import { AsyncResource } from 'node:async_hooks';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSocketServer, type AddressInfo, type Server as SocketServer } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { chromiumQuirks, runHeadless } from './quirks/chromium.ts';
import { settingsOf } from './quirks/quirk.ts';
import { killHard, listProcesses, withDescendants } from './processes.ts';

/**
 * What a Safari does in the midst of a run. `lose` ends its session by itself; `lose-paired` does so too, but still counts
 * as paired for a while; `hang` stops it and its driver, for a while or until the driver is killed; `crash` ends the process of
 * a page; `end` ends its driver, which is back after a while.
 */
export type SafariTrouble = 'lose' | 'lose-paired' | 'hang' | 'crash' | 'end';

/** What reached a Safari, and what it had to refuse. */
export interface SafariTally {
  sessions: number;
  /** The reason for each session that was refused. */
  refused: string[];
  /** Commands that safaridriver does not know. */
  unknown: string[];
  /** Windows that were open at once, including the one that a session begins with. */
  mostWindows: number;
  /** Windows that Set Window Rect placed. */
  placed: number;
}

const pairedMs = 2000;
/** A hang ends this long after somebody wanted the session to end, or else by itself. */
const hangOverMs = 2000;
const hangMs = 60_000;
const endedMs = 2000;
const paired =
  'Could not create a session: The Safari instance is already paired with another WebDriver session.';

/**
 * Capabilities that safaridriver knows: https://developer.apple.com/documentation/webkit/about_webdriver_for_safari and
 * Safari's own in WebKit's `Source/WebDriver`. One that a browser does not know fails to match.
 */
const known = new Set([
  'browserName',
  'browserVersion',
  'platformName',
  'acceptInsecureCerts',
  'pageLoadStrategy',
  'proxy',
  'setWindowRect',
  'timeouts',
  'unhandledPromptBehavior',
  'strictFileInteractability',
  'webkit:WebRTC',
  'safari:automaticInspection',
  'safari:automaticProfiling',
  'safari:diagnose',
  'safari:useSimulator',
  'safari:deviceType',
  'safari:deviceName',
  'safari:deviceUDID',
  'safari:platformVersion',
]);

const named = z.record(z.string(), z.unknown());
const asked = z.object({
  capabilities: z.object({ alwaysMatch: named.default({}), firstMatch: z.array(named).default([{}]) }),
});
const webrtc = z.object({ DisableICECandidateFiltering: z.boolean() }).partial().catch({});
const given = z.object({
  value: z.object({ sessionId: z.string(), capabilities: z.object({ 'goog:processID': z.number() }) }),
});
const handles = z.object({ value: z.array(z.string()) });
const titled = z.object({ value: z.string() });

interface Session {
  id: string;
  /** Of the browser behind it. */
  pid: number;
  windows: number;
}

interface Answer {
  status: number;
  body: string;
}

const answer = (status: number, value: unknown): Answer => ({ status, body: JSON.stringify({ value }) });
const failure = (status: number, error: string, message: string): Answer =>
  answer(status, { error, message, stacktrace: '' });

/**
 * A Mac with one Safari, as far as possible without a Mac: what safaridriver is documented to enforce, in front of a
 * chromedriver, so that its pages really call. One session, no capability that it does not know, classic WebDriver, no logs.
 */
export class SafariStandIn {
  readonly tally: SafariTally = { sessions: 0, refused: [], unknown: [], mostWindows: 0, placed: 0 };
  readonly #upstream: URL;
  readonly #chromium: string;
  readonly #server: Server;
  /** Each driver program holds a connection to it; Safari ends the session of one that goes. */
  readonly #leases: SocketServer;
  #session: Session | undefined;
  #creating = false;
  #refusesUntil = 0;
  /** Settles when it answers again. */
  #hanging: PromiseWithResolvers | undefined;
  readonly #timers = new Set<NodeJS.Timeout>();
  /** A cell ends the timers that its body started; those of a Safari go on. */
  readonly #outside = new AsyncResource('SafariStandIn');

  private constructor(upstream: URL, chromium: string) {
    this.#upstream = upstream;
    this.#chromium = chromium;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#leases = createSocketServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.on('close', () => void this.#driverGone());
      socket.resume();
    });
  }

  /**
   * @param upstream a chromedriver that runs
   * @param chromium the executable that it starts
   */
  static async start(upstream: URL, chromium: string): Promise<SafariStandIn> {
    const safari = new SafariStandIn(upstream, chromium);
    await Promise.all([safari.#server, safari.#leases].map((server) => listen(server, 0)));
    return safari;
  }

  /** Where its driver listens for other machines. */
  get url(): URL {
    return new URL(`http://127.0.0.1:${String(portOf(this.#server))}/`);
  }

  /**
   * Writes the programs that a Mac has for it: a `safaridriver`, and a Safari that opens whatever it is started with, and
   * leaves a file `started` in the folder.
   */
  async install(folder: string): Promise<{ executable: string; driverProgram: string }> {
    const executable = join(folder, 'Safari');
    const driverProgram = join(folder, 'safaridriver');
    const started = join(folder, 'started');
    await writeFile(executable, `#!/bin/sh\ntouch '${started}'\nexec sleep 600\n`, { mode: 0o755 });
    await writeFile(
      driverProgram,
      `#!${process.execPath}
const { connect, createServer } = require('node:net');
if (process.argv[2] === '--version') {
  console.log('Included with Safari 26.1 (21622.2.11.11.9)');
} else {
  connect(${String(portOf(this.#leases))}, '127.0.0.1').on('close', () => process.exit(1));
  createServer((here) => {
    const there = connect(${String(portOf(this.#server))}, '127.0.0.1');
    here.pipe(there).pipe(here);
    for (const end of [here, there]) end.on('error', () => (here.destroy(), there.destroy()));
  }).listen(Number(process.argv[process.argv.indexOf('--port') + 1]), '127.0.0.1');
}
`,
      { mode: 0o755 },
    );
    return { executable, driverProgram };
  }

  /** From now on it grants no session for a while, as if another client had one. */
  refuse(ms = pairedMs): void {
    this.#refusesUntil = performance.now() + ms;
  }

  /**
   * Does to its session what Safari was seen to do.
   * @param title of the page that crashes
   */
  async act(trouble: SafariTrouble, title = ''): Promise<void> {
    const session = this.#session;
    if (session === undefined) throw new Error('it has no session');
    switch (trouble) {
      case 'lose':
      case 'lose-paired':
        this.#end(session);
        if (trouble === 'lose-paired') this.refuse();
        return;
      case 'hang': {
        this.#hanging = withResolvers();
        await this.#signal(session, 'SIGSTOP');
        this.#after(hangMs, () => void this.#goOn());
        return;
      }
      case 'crash':
        await this.#crash(session, title);
        return;
      case 'end': {
        const port = portOf(this.#server);
        this.#server.close();
        this.#server.closeAllConnections();
        this.#end(session);
        this.#after(endedMs, () => void listen(this.#server, port));
      }
    }
  }

  /** Whether there is a session that nobody has ended. */
  get isPaired(): boolean {
    return this.#session !== undefined;
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#goOn();
    if (this.#session) this.#end(this.#session);
    for (const server of [this.#server, this.#leases]) server.close();
    this.#server.closeAllConnections();
  }

  async #crash({ id }: Session, title: string): Promise<void> {
    const { body } = await this.#pass('GET', `/session/${id}/window/handles`);
    for (const handle of handles.parse(JSON.parse(body)).value) {
      await this.#pass('POST', `/session/${id}/window`, JSON.stringify({ handle }));
      const shown = titled.parse(JSON.parse((await this.#pass('GET', `/session/${id}/title`)).body));
      if (shown.value !== title) continue;
      this.#tell(
        'POST',
        `/session/${id}/goog/cdp/execute`,
        JSON.stringify({ cmd: 'Page.crash', params: {} }),
      );
      return;
    }
    throw new Error(`no page has the title ${title}`);
  }

  #after(ms: number, work: () => void): void {
    this.#timers.add(this.#outside.runInAsyncScope(() => setTimeout(work, ms)));
  }

  /** The end of a hang. */
  async #goOn(): Promise<void> {
    if (this.#hanging === undefined) return;
    if (this.#session) await this.#signal(this.#session, 'SIGCONT');
    this.#hanging.resolve();
    this.#hanging = undefined;
  }

  /** Safari ends a session whose driver has gone, and counts as paired until it has seen that. */
  async #driverGone(): Promise<void> {
    await this.#goOn();
    if (this.#session === undefined) return;
    this.refuse();
    this.#end(this.#session);
  }

  #end({ id, pid }: Session): void {
    this.#session = undefined;
    killHard(pid);
    this.#tell('DELETE', `/session/${id}`);
  }

  async #signal({ pid }: Session, signal: NodeJS.Signals): Promise<void> {
    for (const { pid: member } of withDescendants(await listProcesses(), [pid])) process.kill(member, signal);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { method = '', url = '' } = request;
    if (method === 'DELETE' && this.#hanging) this.#after(hangOverMs, () => void this.#goOn());
    await this.#hanging?.promise;
    const { status, body } = await this.#answer(method, url, Buffer.concat(chunks).toString()).catch(
      (error: unknown) => failure(500, 'unknown error', String(error)),
    );
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body);
  }

  async #answer(method: string, url: string, body: string): Promise<Answer> {
    if (url === '/status') return answer(200, { ready: this.#session === undefined, message: '' });
    if (url === '/session') return this.#create(body);
    const [, id = '', command = ''] = /^\/session\/([^/]+)(.*)/.exec(url) ?? [];
    const session = this.#session;
    if (session?.id !== id) return failure(404, 'invalid session id', `there is no session ${id}`);
    if (/^\/(?:se|goog|chromium|ms|moz|log|sauce)\b/.test(command)) {
      this.tally.unknown.push(command);
      return failure(404, 'unknown command', command);
    }
    if (command === '' && method === 'DELETE') this.#session = undefined;
    if (command === '/window/new') session.windows += 1;
    if (command === '/window' && method === 'DELETE') session.windows -= 1;
    if (command === '/window/rect' && method === 'POST') this.tally.placed += 1;
    this.tally.mostWindows = Math.max(this.tally.mostWindows, session.windows);
    return this.#pass(method, url, body);
  }

  async #create(body: string): Promise<Answer> {
    const refused = (message: string): Answer => {
      this.tally.refused.push(message);
      return failure(500, 'session not created', message);
    };
    const { alwaysMatch, firstMatch } = asked.parse(JSON.parse(body)).capabilities;
    const wanted = { ...alwaysMatch, ...firstMatch[0] };
    const strange = Object.keys(wanted).find((name) => !known.has(name));
    if (strange !== undefined) return refused(`Could not create a session: unknown capability ${strange}`);
    if (!/^safari$/i.test(String(wanted['browserName'])) || wanted['acceptInsecureCerts'] === true)
      return refused('Could not create a session: no match for the capabilities');
    if (this.#creating || this.#session || performance.now() < this.#refusesUntil) return refused(paired);
    this.#creating = true;
    try {
      const { timeouts, pageLoadStrategy } = wanted;
      const isOpen = webrtc.parse(wanted['webkit:WebRTC']).DisableICECandidateFiltering === true;
      const made = await this.#pass(
        'POST',
        '/session',
        JSON.stringify({
          capabilities: {
            alwaysMatch: {
              browserName: 'chrome',
              'goog:chromeOptions': { binary: this.#chromium, args: flags(isOpen) },
              timeouts,
              pageLoadStrategy,
            },
          },
        }),
      );
      if (made.status !== 200) return refused(made.body);
      const { sessionId, capabilities } = given.parse(JSON.parse(made.body)).value;
      this.#session = { id: sessionId, pid: capabilities['goog:processID'], windows: 1 };
      this.tally.sessions += 1;
      return answer(200, {
        sessionId,
        capabilities: {
          browserName: 'Safari',
          browserVersion: '26.1',
          platformName: 'macOS',
          setWindowRect: true,
          acceptInsecureCerts: false,
          strictFileInteractability: false,
          pageLoadStrategy,
          timeouts,
          'webkit:WebRTC': { DisableICECandidateFiltering: isOpen, DisableInsecureMediaCapture: true },
          'safari:platformVersion': '26.1',
        },
      });
    } finally {
      this.#creating = false;
    }
  }

  /** For requests that are not answered in time, or not at all. */
  #tell(method: string, path: string, body?: string): void {
    this.#pass(method, path, body).catch(() => undefined);
  }

  async #pass(method: string, path: string, body = ''): Promise<Answer> {
    const response = await fetch(new URL(path, this.#upstream), {
      method,
      ...(body === '' ? {} : { body, headers: { 'content-type': 'application/json' } }),
    });
    return { status: response.status, body: await response.text() };
  }
}

/** What makes a Chromium fit for calls; Safari, which has no flags, needs none of it but the candidates. */
function flags(showsHosts: boolean): string[] {
  const quirks = chromiumQuirks().filter(({ disableFeatures = [] }) =>
    showsHosts ? true : !disableFeatures.includes('WebRtcHideLocalIpsWithMdns'),
  );
  return settingsOf([...quirks, runHeadless()]).args;
}

interface PromiseWithResolvers {
  promise: Promise<void>;
  resolve: () => void;
}

function withResolvers(): PromiseWithResolvers {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

async function listen(server: Server | SocketServer, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

function portOf(server: Server | SocketServer): number {
  const address: string | AddressInfo | null = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('it does not listen');
  return address.port;
}
