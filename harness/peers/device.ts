import type { ServerResponse } from 'node:http';
import type { BrowserDetails, DriverPage, Exit, RunningBrowser } from '../drivers/driver.ts';
import { HarnessError } from '../errors.ts';
import type { DeviceOrder, DeviceSaid } from '../protocol/device.ts';
import { browserOf } from './user-agent.ts';

/** A frame of the device's page. */
interface Frame {
  id: number;
  url: string;
  die: (exit: Exit) => void;
}

/** A device whose page is connected; it can be told what to show, and nothing else. */
export class Device implements RunningBrowser {
  readonly details: BrowserDetails;
  readonly maxPages = 4;
  readonly exited: Promise<Exit>;
  readonly #id: string;
  readonly #goneMs: number;
  readonly #frames = new Map<number, Frame>();
  #said: DeviceSaid;
  #orders: ServerResponse | undefined;
  #frameCount = 0;
  #exit: Exit | undefined;
  #end: (exit: Exit) => void = () => undefined;
  #patience: NodeJS.Timeout | undefined;
  /** Those who wait for its page to listen. */
  readonly #waiting: (() => void)[] = [];

  /** @param goneMs milliseconds after which a silent page counts as gone */
  constructor(id: string, said: DeviceSaid, goneMs: number) {
    this.#id = id;
    this.#said = said;
    this.#goneMs = goneMs;
    this.exited = new Promise((resolve) => (this.#end = resolve));
    this.details = {
      ...browserOf(said),
      driver: { name: 'url', version: '-' },
      launchArgs: [],
      prefs: {},
      reasons: [{ setting: said.userAgent, reason: 'It says so itself; nobody drives it.' }],
    };
    this.alive();
  }

  /** Identifies one load of its page. */
  get instance(): string {
    return this.#said.instance;
  }

  get isOver(): boolean {
    return this.#exit !== undefined;
  }

  /** Whether its page is connected now. */
  get isThere(): boolean {
    return this.#orders !== undefined;
  }

  /** Records who opened it. */
  as(name: 'url' | 'command'): void {
    this.details.driver.name = name;
  }

  /** Its page sent a sign of life. */
  alive(): void {
    this.#wait(this.#goneMs);
  }

  #wait(ms: number): void {
    clearTimeout(this.#patience);
    if (this.isOver) return;
    const description = `The page of ${this.#id} said nothing for ${String(ms / 1000)} s: it was closed, or its network is away.`;
    this.#patience = setTimeout(() => this.#over(description), ms);
  }

  /** Resolves when its page listens, or has gone for good. */
  async #connected(): Promise<void> {
    if (this.isThere || this.isOver) return;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Its page listens: it is told what to show at once, and again with every change. */
  obey(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    this.#orders = response;
    response.on('close', () => {
      if (this.#orders === response) this.#orders = undefined;
    });
    this.alive();
    this.#tell();
    this.#wake();
  }

  /** Its page was closed, or is being loaded again, which takes a moment. */
  left(): void {
    this.#wait(Math.min(this.#goneMs, 5000));
    this.#loseFrames(`The page of ${this.#id} was closed or loaded again.`);
  }

  /** Its page has been reloaded. */
  loadedAgain(said: DeviceSaid): void {
    this.#loseFrames(`The page of ${this.#id} was loaded again.`);
    this.#said = said;
    this.alive();
  }

  /** Makes its page reload, for a fresh start. */
  reload(): void {
    this.#tell({ windows: [], over: false, reload: true });
  }

  /** Tells its page that the run is over. */
  end(): void {
    this.#tell({ windows: [], over: true });
    this.#orders?.end();
    this.#over(`${this.#id} was let go.`);
  }

  async open(url: string): Promise<DriverPage> {
    await this.#connected();
    if (this.#exit) throw new HarnessError('browser-ended', this.#exit.description);
    const id = (this.#frameCount += 1);
    let die: (exit: Exit) => void = () => undefined;
    const died = new Promise<Exit>((resolve) => (die = resolve));
    this.#frames.set(id, { id, url, die });
    this.#tell();
    return {
      died,
      screenshot: () => Promise.reject(new HarnessError('no-picture', `nobody drives ${this.#id}`)),
      console: () => Promise.resolve([]),
      crash: () => Promise.resolve(undefined),
      close: async () => {
        if (this.#frames.delete(id)) this.#tell();
      },
    };
  }

  async isAlive(): Promise<boolean> {
    return !this.isOver;
  }

  /** It runs where its processes cannot be seen. */
  stopped(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  replaced(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  /** Removes its frames; its page stays for a later start. */
  async close(): Promise<Exit> {
    this.#frames.clear();
    this.#tell();
    this.#over(`${this.#id} was let go.`);
    return this.exited;
  }

  #tell(
    order: DeviceOrder = {
      windows: [...this.#frames.values()].map(({ id, url }) => ({ id, url })),
      over: false,
    },
  ): void {
    this.#orders?.write(`data: ${JSON.stringify(order)}\n\n`);
  }

  #loseFrames(description: string): void {
    for (const { die } of this.#frames.values()) die({ code: null, signal: null, description, of: 'page' });
    this.#frames.clear();
  }

  #over(description: string): void {
    clearTimeout(this.#patience);
    if (this.#exit) return;
    this.#exit = { code: null, signal: null, description };
    this.#end(this.#exit);
    this.#wake();
  }
}
