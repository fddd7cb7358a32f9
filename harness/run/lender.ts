import type { BrowserSpec } from '../config/browser-spec.ts';
import type { BrowserDetails, DriverPage, Exit, RunningBrowser } from '../drivers/driver.ts';
import type { Found } from '../peers/hang-check.ts';
import type { PageSetup } from '../peers/page-server.ts';
import type { Peer } from '../peers/peer.ts';

/** A page on loan to a cell. */
export interface LentPage {
  /** The browser as started; a restarted one is another object. */
  readonly browser: Pick<RunningBrowser, 'exited' | 'replaced' | 'isAlive'>;
  readonly page: Pick<DriverPage, 'screenshot' | 'console' | 'died' | 'crash'>;
  readonly peer: Pick<
    Peer,
    'member' | 'console' | 'onConnectionFailed' | 'gone' | 'as' | 'collect' | 'probe'
  >;
}

/** A browser as a run sees it: it lends pages, and says how it ended. `BrowserHost` is one; tests make others. */
export interface Lender {
  readonly spec: BrowserSpec;
  /** Available once it was started. */
  readonly details: BrowserDetails;
  /**
   * Lends pages, all at once; waits for the browser to start, and for pages that other cells have.
   * @throws {LaunchError} if the browser will not start
   */
  acquire(setups: readonly PageSetup[]): Promise<LentPage[]>;
  /** Takes a page back that may be used again. */
  release(page: LentPage): void;
  /** Takes a page back that must not be used again. */
  discard(page: LentPage): Promise<void>;
  /** How the browser of a page, or else the page's own process, has ended, if it has. */
  exitOf(page: LentPage): Exit | undefined;
  /**
   * Ends the browser of a page if it hangs.
   * @param answers whether the page answered: then only the quick check is made
   */
  endIfHung(page: Pick<LentPage, 'browser'>, answers: boolean): Promise<Found>;
  /** Opens pages in advance. */
  prepare(count: number): Promise<void>;
  /** Ends the browser for good. */
  close(): Promise<void>;
}
