import type { SignalingServer } from '../../fixtures/signaling/server.ts';
import type { DriverPage, Exit, RunningBrowser } from '../drivers/driver.ts';
import { HarnessError, LaunchError, messageOf } from '../errors.ts';
import { UnderWay } from '../under-way.ts';
import { DeadlineError, within } from '../within.ts';
import type { PageServer, PageSetup } from './page-server.ts';
import { admitPeer, PageNotReadyError, type Peer } from './peer.ts';
import type { PageMaker } from './seat-pool.ts';

/** A window of a browser, and the peer that is in it now. */
export class OpenPage {
  readonly page: DriverPage;
  readonly peer: Peer;
  readonly setup: PageSetup;

  constructor(page: DriverPage, peer: Peer, setup: PageSetup) {
    this.page = page;
    this.peer = peer;
    this.setup = setup;
  }

  get isOpen(): boolean {
    return this.peer.member.isOpen;
  }

  get gone(): Promise<unknown> {
    return this.peer.gone;
  }
}

export interface OpenerOptions {
  /** The browser's, for errors. */
  id: string;
  server: SignalingServer;
  pages: PageServer;
  /** Time for each step of opening a page, in milliseconds. */
  joinMs: number;
  /** Time that a driver has to close a page or to take a picture of it, in milliseconds. */
  driverMs: number;
  /** Whether a page of this browser, in this start or in one before, has reached the fixture. */
  fixture: { reached: boolean };
  /** Called when a page's process ends while its browser lives. */
  onDied: (page: DriverPage, exit: Exit) => void;
}

/** Opens pages in one running browser, and makes them start afresh. */
export class PageOpener implements PageMaker<OpenPage> {
  readonly #browser: RunningBrowser;
  readonly #options: OpenerOptions;
  readonly #underWay = new UnderWay();

  constructor(browser: RunningBrowser, options: OpenerOptions) {
    this.#browser = browser;
    this.#options = options;
    void browser.exited.then(({ description }) =>
      this.#underWay.end(new HarnessError('browser-ended', description)),
    );
  }

  /** A step of opening a page: it ends with its deadline or its browser, whichever comes first. */
  #step<T>(name: string, work: Promise<T>): Promise<T> {
    return within(this.#options.joinMs, name, this.#underWay.orEnd(work));
  }

  /** @throws {PageNotReadyError} if the page says that it cannot start */
  async open(setup: PageSetup): Promise<OpenPage> {
    const { id, server, pages, fixture, onDied } = this.#options;
    const admission = admitPeer(server, id);
    const opening = this.#browser.open(pages.windowUrl(admission.token, setup));
    let page: DriverPage | undefined;
    try {
      const opened = await this.#step(`${id} to open a page`, opening);
      page = opened;
      void opened.died.then((exit) => onDied(opened, exit));
      const peer = await this.#step(`the page of ${id} to join`, admission.peer);
      fixture.reached = true;
      await this.#step(`the page of ${id} to be ready`, peer.ready);
      return new OpenPage(page, peer, setup);
    } catch (error) {
      admission.revoke(new HarnessError('revoked', 'the page was given up'));
      const reached = pages.wasAskedFor(admission.token);
      const told = reached ? await this.#told(error, page, setup) : await this.#unreached(error);
      if (page) await this.#close(page);
      // A page that opens too late is closed then.
      else
        void opening.then(
          (late) => this.#close(late),
          () => undefined,
        );
      throw told;
    }
  }

  /** The page starts afresh by itself: it goes to an address with a new token, and is a new peer. */
  async renew(open: OpenPage, setup: PageSetup): Promise<OpenPage> {
    const { id, server, pages } = this.#options;
    const { page, peer: before } = open;
    // a user's own page is not a frame of ours, and what it keeps goes with its window
    if (setup.page !== undefined || open.setup.page !== undefined) {
      await this.close(open);
      return this.open(setup);
    }
    const admission = admitPeer(server, id);
    try {
      await this.#step(`the page of ${id} to leave`, before.leave(pages.url(admission.token, setup)));
      const peer = await this.#step(`the page of ${id} to join again`, admission.peer);
      await this.#step(`the page of ${id} to be ready again`, peer.ready);
      return new OpenPage(page, peer, setup);
    } catch (error) {
      admission.revoke(new HarnessError('revoked', 'the page was given up'));
      const told = await this.#told(error, page, setup);
      before.member.close(4000, 'discarded');
      await this.#close(page);
      throw told;
    }
  }

  async close({ page, peer }: OpenPage): Promise<void> {
    peer.member.close(4000, 'discarded');
    await this.#close(page);
  }

  async #close(page: DriverPage): Promise<void> {
    const { id, driverMs } = this.#options;
    try {
      await within(driverMs, `${id} to close a page`, page.close());
    } catch {
      // A browser that does not answer is found by the hang check, which ends it.
    }
  }

  /** If a browser can open another page but has asked the fixture for nothing, it does not reach the fixture. */
  async #unreached(told: unknown): Promise<unknown> {
    const { id, pages, driverMs, fixture } = this.#options;
    const { name } = this.#browser.details.driver;
    if (told instanceof HarnessError && told.code === 'browser-ended') return told;
    // it can reach the fixture: what is in the way now ends with this start of the browser
    if (fixture.reached) return told;
    // a page that opened an address by hand has reached it
    if (name === 'url' || name === 'command') return told;
    const opening = this.#browser.open('about:blank');
    try {
      await this.#close(await within(driverMs, `${id} to open an empty page`, opening));
    } catch {
      // It hangs or dies, which the caller finds out.
      void opening.then(
        (late) => this.#close(late),
        () => undefined,
      );
      return told;
    }
    return new LaunchError(
      'fixture-unreachable',
      `${id} opens pages, but none at ${pages.origin}: nothing asked for it there. ` +
        `Is that an address of this machine as the browser's host sees it, and no firewall between? ` +
        `signaling.host, port and publicUrl of the configuration change it. The driver says: ${messageOf(told)}`,
      { cause: told },
    );
  }

  /** Why a page cannot start, in terms that the user knows: the browser's id, the names of files; with a picture. */
  async #told(error: unknown, page: DriverPage | undefined, setup: PageSetup): Promise<unknown> {
    if (setup.page !== undefined && error instanceof DeadlineError) {
      const { origin } = this.#options.pages;
      return new HarnessError(
        'page-did-not-join',
        `${error.message}. ${setup.page} has to import webrtc-interop/agent ahead of everything, and its ` +
          `Content-Security-Policy, if any, has to allow connect-src ${origin.replace(/^http/, 'ws')} and script-src 'unsafe-eval'.`,
        { cause: error },
      );
    }
    if (!(error instanceof PageNotReadyError)) return error;
    const { id, pages, driverMs } = this.#options;
    const message = pages.withScriptNames(`${id}: ${error.message}`, setup);
    let screenshot: Buffer | undefined;
    try {
      screenshot = page && (await within(driverMs, 'a screenshot', page.screenshot()));
    } catch {
      // The words say why; the picture only adds to them.
    }
    return new PageNotReadyError(error.code, message, { console: error.console, screenshot, setup });
  }
}
