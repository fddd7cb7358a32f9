import PQueue from 'p-queue';
import { BidiHandler, WebDriver, type Client } from 'webdriver';
import type { Endpoint } from '../config/endpoint.ts';
import { ConsoleLog } from './console-log.ts';
import { settlesWithin } from './deadline.ts';
import { messageOf } from '../errors.ts';
import type { DriverConsoleEntry, DriverPage, Exit } from './driver.ts';
import { rememberLost } from './lost-sessions.ts';
import { watchPageProcesses } from './page-processes.ts';
import { forgetSession, reapSession } from './reaper.ts';

const commandMs = 10_000;
/** Less than the caller waits: if nobody answers at an address, the browser, which is alive, reports an error. */
const pageLoadMs = 12_000;

/** Pixels of a window that is placed beside others: two of them fit on the smallest screen of a Mac. */
const placed = { width: 640, height: 600 };

/** Whether a session lives: its server may not know it any more, or not be reached. */
export type Standing = 'alive' | 'ended' | 'unreached';

/**
 * One WebDriver session. Its commands work on the current window, so each page's switch and command go through a
 * queue together. It uses WebdriverIO's protocol package and not WebdriverIO itself, which puts scripts of its own into pages.
 */
export class WebDriverSession {
  readonly #client: Client;
  readonly #server: Endpoint;
  readonly #queue = new PQueue({ concurrency: 1 });
  readonly #logs = new Map<string, ConsoleLog>();
  /** The positions of windows that were placed side by side, from the left. */
  readonly #places = new Map<string, number>();
  /** The window that the session began with. It stays: a session ends with its last window. */
  readonly #home: string;

  private constructor(client: Client, server: Endpoint, home: string) {
    this.#client = client;
    this.#home = home;
    this.#server = server;
  }

  /**
   * Asks a server for a session, with https://www.w3.org/TR/webdriver2/#capabilities.
   * @param signal takes the request back if the server has not answered it yet
   */
  static async create(
    server: Endpoint,
    capabilities: Record<string, unknown>,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<WebDriverSession> {
    const { url, headers } = server;
    let given = false;
    const client = await WebDriver.newSession({
      protocol: url.protocol.replace(':', ''),
      hostname: url.hostname,
      port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
      path: url.pathname,
      headers: { ...headers },
      logLevel: 'silent',
      connectionRetryCount: 0,
      connectionRetryTimeout: timeoutMs,
      transformRequest: (request) => ({
        ...request,
        ...withoutOwn(request.body),
        ...(given || signal === undefined ? {} : { signal }),
      }),
      capabilities: {
        ...capabilities,
        timeouts: { implicit: 0, pageLoad: Math.min(timeoutMs, pageLoadMs), script: commandMs },
        pageLoadStrategy: 'eager',
      },
    });
    given = true;
    try {
      const session = new WebDriverSession(client, server, await client.getWindowHandle());
      await session.#listen();
      return session;
    } catch (error) {
      // its server would keep it in a slot
      await settlesWithin(commandMs, client.deleteSession());
      throw error;
    }
  }

  /** Whether WebDriver BiDi is spoken beside the commands; `unreached`: the server gives an address that leads nowhere. */
  get bidi(): 'spoken' | 'unreached' | 'not offered' {
    if (this.#client.isBidi) return 'spoken';
    return typeof this.capability('webSocketUrl') === 'string' ? 'unreached' : 'not offered';
  }

  /** What the server says about the browser. */
  capability(name: string): unknown {
    return Object.entries(this.#client.capabilities).find(([key]) => key === name)?.[1];
  }

  /**
   * Opens a URL in a new window.
   * @param how `processes` lists the processes of all pages, if the system can tell; `sideBySide` places the window beside
   * those that are open, if the server can
   */
  open(
    url: string,
    {
      processes,
      sideBySide = false,
    }: { processes?: (() => Promise<number[]>) | undefined; sideBySide?: boolean } = {},
  ): Promise<DriverPage> {
    return this.#queue.add(async () => {
      const before = new Set(await processes?.());
      // The current window may be one that was closed, and then no command works but this.
      await this.#client.switchToWindow(this.#home);
      const { handle } = await this.#client.createWindow('window');
      const log = new ConsoleLog();
      this.#logs.set(handle, log);
      try {
        await this.#client.switchToWindow(handle);
        if (sideBySide && this.capability('setWindowRect') === true) await this.#place(handle);
        await this.#client.navigateTo(url);
      } catch (error) {
        await settlesWithin(commandMs, this.#client.closeWindow());
        this.#places.delete(handle);
        throw error;
      }
      const own = ((await processes?.()) ?? []).filter((pid) => !before.has(pid));
      const watch = watchPageProcesses(own);
      return {
        died: watch.died,
        screenshot: () =>
          this.#inWindow(handle, async () => Buffer.from(await this.#client.takeScreenshot(), 'base64')),
        console: async () => log.entries(),
        crash: () => this.#crashOf(handle),
        close: async () => {
          watch.stop();
          await settlesWithin(
            commandMs,
            this.#inWindow(handle, () => this.#client.closeWindow()),
          );
          this.#logs.delete(handle);
          this.#places.delete(handle);
        },
      };
    });
  }

  /**
   * The state of the session on its server. One that takes more than 700 ms is busy, not dead: a browser that hangs has to
   * show as a timeout, not as a crash.
   */
  async standing(): Promise<Standing> {
    try {
      const response = await fetch(this.#address('/window/handles'), {
        headers: this.#server.headers,
        signal: AbortSignal.timeout(700),
      });
      await response.arrayBuffer();
      if (response.ok) return 'alive';
      // https://www.w3.org/TR/webdriver2/#errors: "invalid session id"
      return response.status === 404 ? 'ended' : 'unreached';
    } catch (error) {
      return error instanceof DOMException && error.name === 'TimeoutError' ? 'alive' : 'unreached';
    }
  }

  /** Makes the session end with this process, however that ends: nothing else would end one on another machine. */
  endWithUs(): void {
    reapSession({ url: this.#address(''), headers: this.#server.headers });
  }

  /** Ends the session, which ends the browser. Rejects when the server does not do so. */
  async delete(): Promise<void> {
    try {
      await this.#client.deleteSession();
    } catch (error) {
      rememberLost(this.#client.sessionId);
      throw error;
    } finally {
      this.#stopListening();
    }
    forgetSession(this.#address(''));
  }

  /** The client closes its WebSocket only if the server ends the session, which the server of a node that has gone does not. */
  #stopListening(): void {
    const bidi: unknown = Reflect.get(this.#client, '_bidiHandler');
    if (bidi instanceof BidiHandler) bidi.close();
  }

  #address(command: string): string {
    const base = this.#server.url.href.replace(/\/?$/, '/');
    return new URL(`session/${this.#client.sessionId}${command}`, base).href;
  }

  /** Puts the current window at the first place from the left that is free. */
  async #place(handle: string): Promise<void> {
    const taken = new Set(this.#places.values());
    let place = 0;
    while (taken.has(place)) place += 1;
    this.#places.set(handle, place);
    await this.#client.setWindowRect(place * placed.width, 0, placed.width, placed.height);
  }

  /** chromedriver says `session deleted because of page crash` or `tab crashed`, whatever it is asked about the window. */
  async #crashOf(handle: string): Promise<Exit | undefined> {
    try {
      await this.#inWindow(handle, () => this.#client.getTitle());
      return undefined;
    } catch (error) {
      const said = messageOf(error);
      if (!/\bcrash/i.test(said)) return undefined;
      const description = `A page crashed, says its driver: ${said.split('\n')[0] ?? ''}`;
      return { code: null, signal: null, description, of: 'page' };
    }
  }

  #inWindow<T>(handle: string, command: () => Promise<T>): Promise<T> {
    return this.#queue.add(
      async () => {
        await this.#client.switchToWindow(handle);
        return command();
      },
      { timeout: commandMs },
    );
  }

  /** Only WebDriver BiDi tells the console page by page; a classic session has none. */
  async #listen(): Promise<void> {
    if (!this.#client.isBidi) return;
    this.#client.on('log.entryAdded', (entry) => {
      const log = this.#logs.get(entry.source.context ?? '');
      log?.add({ at: entry.timestamp, level: levelOf(entry), text: entry.text ?? '' });
    });
    await this.#client.sessionSubscribe({ events: ['log.entryAdded'] });
  }
}

/** Capabilities that are for WebdriverIO itself must not reach servers: they may refuse what they do not know. */
const withoutOwn = (body: unknown): { body?: string } =>
  typeof body === 'string' && body.includes('"wdio:')
    ? {
        body: JSON.stringify(
          JSON.parse(body, (name, value: unknown) => (name.startsWith('wdio:') ? undefined : value)),
        ),
      }
    : {};

/** https://www.w3.org/TR/webdriver-bidi/#types-log-logentry */
function levelOf(entry: { type: string; level: string; method?: unknown }): DriverConsoleEntry['level'] {
  if (entry.type === 'javascript') return 'pageerror';
  const level = typeof entry.method === 'string' ? entry.method : entry.level;
  return level === 'warn' ? 'warning' : level;
}
