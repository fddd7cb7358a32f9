import { createBirpc } from 'birpc';
import { parse, stringify } from 'devalue';
import { WebSocket } from 'ws';
import type { SignalingServer } from '../../fixtures/signaling/server.ts';
import type { DriverPage, Exit, RunningBrowser } from '../drivers/driver.ts';
import type { AgentFunctions, HarnessFunctions } from '../protocol/agent.ts';
import type { PageServer } from './page-server.ts';

/** Addresses, as far as the browsers of these tests need them. */
export const examplePages = ({ origin }: SignalingServer): PageServer => {
  const url = (token: string): string => `${origin}/peer?token=${token}`;
  return { origin, url, windowUrl: url, wasAskedFor: () => true, withScriptNames: (text) => text };
};

/** A browser without a process: its pages join, are ready, have no capabilities and start afresh; it hangs and dies at will. */
export class ExampleBrowser implements RunningBrowser {
  readonly details: RunningBrowser['details'];
  readonly maxPages: number;
  readonly exited: Promise<Exit>;
  /** While set, it opens no page and says nothing. */
  hangs = false;
  /** Which of its processes is stopped, while its pages answer. */
  stoppedProcess: string | undefined;
  /** Pages opened and not closed. */
  readonly shown = new Set<ExamplePage>();
  #exit: (exit: Exit) => void = () => undefined;
  #alive = true;

  constructor({
    version = '1.0',
    maxPages = 16,
    launchArgs = [],
  }: { version?: string; maxPages?: number; launchArgs?: string[] } = {}) {
    this.maxPages = maxPages;
    this.details = {
      engine: 'chromium',
      product: 'Example',
      version,
      driver: { name: 'playwright', version: '1' },
      launchArgs,
      prefs: {},
      reasons: [],
    };
    this.exited = new Promise((resolve) => (this.#exit = resolve));
  }

  async open(url: string): Promise<DriverPage> {
    if (this.hangs) return new Promise(() => undefined);
    if (!this.#alive) throw new Error('it has ended');
    const page = new ExamplePage(url, () => this.shown.delete(page));
    this.shown.add(page);
    return page;
  }

  async isAlive(): Promise<boolean> {
    return this.#alive;
  }

  async stopped(): Promise<string | undefined> {
    return this.#alive ? this.stoppedProcess : undefined;
  }

  async replaced(): Promise<undefined> {
    return undefined;
  }

  /** Ends as if it had been killed. */
  die(description = 'Example was ended by SIGKILL.'): void {
    if (!this.#alive) return;
    this.#alive = false;
    for (const page of this.shown) void page.close();
    this.#exit({ code: null, signal: 'SIGKILL', description, lastWords: 'farewell' });
  }

  async close(): Promise<Exit> {
    this.die('Example was closed.');
    return this.exited;
  }
}

/** A page without a browser. */
export class ExamplePage implements DriverPage {
  readonly died: Promise<Exit>;
  /** Ends its process while the browser lives. */
  die: () => void = () => undefined;
  readonly #onClose: () => void;
  #socket: WebSocket;

  constructor(url: string, onClose: () => void) {
    this.#onClose = onClose;
    this.#socket = this.#join(url);
    this.died = new Promise((resolve) => {
      this.die = () => {
        this.#socket.terminate();
        resolve({ code: null, signal: 'SIGKILL', description: 'Its page died.', of: 'page' });
      };
    });
  }

  async screenshot(): Promise<Buffer> {
    return Buffer.from('picture');
  }

  async console() {
    return [];
  }

  async crash(): Promise<undefined> {
    return undefined;
  }

  async close(): Promise<void> {
    this.#socket.terminate();
    this.#onClose();
  }

  #join(url: string): WebSocket {
    const { origin, search } = new URL(url);
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/signal${search}`, { origin });
    const agent: Pick<AgentFunctions, 'leave' | 'probe'> = {
      probe: async (names) => ({
        userAgent: 'Example',
        has: Object.fromEntries(names.map((name) => [name, false])),
        codecs: { audio: { send: [], receive: [] }, video: { send: [], receive: [] } },
        headerExtensions: { audio: [], video: [] },
      }),
      leave: (next) => {
        socket.close(1001);
        this.#socket = this.#join(next);
      },
    };
    const harness = createBirpc<HarnessFunctions, typeof agent>(agent, {
      post: (data: string) => socket.send(JSON.stringify({ type: 'rpc', data })),
      on: (listener) => {
        socket.on('message', (text) => {
          const message: unknown = JSON.parse(text instanceof Buffer ? text.toString() : '');
          if (message instanceof Object && 'data' in message) listener(message.data);
        });
      },
      serialize: (message) => stringify(message),
      deserialize: (text: string) => parse(text),
      timeout: -1,
    });
    socket.on('open', () => void harness.ready.asEvent({ userAgent: 'Example', scripts: 0 }));
    // The page's end is told to the other side.
    socket.on('error', () => undefined);
    return socket;
  }
}
