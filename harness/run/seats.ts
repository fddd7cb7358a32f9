import { within } from '../within.ts';
import type { Found } from '../peers/hang-check.ts';
import type { PageSetup } from '../peers/page-server.ts';
import type { Role } from '../protocol/signaling.ts';
import type { Lender, LentPage } from './lender.ts';
import type { Limits } from './limits.ts';

/** One side of a cell: which browser, and what its page loads. */
export interface Side {
  role: Role;
  host: Lender;
  setup: PageSetup;
}

/** A side with its page. */
export interface SeatedSide extends Side {
  seat: LentPage;
}

/** What was found about the browser of a page. */
export interface Look {
  role: Role;
  browser: string;
  /** The browser as it was started. */
  started: object;
  found: Found;
}

/** Whether the browser of a page has ended, and not just the page. */
export function isLost(host: Lender, seat: LentPage): boolean {
  const exit = host.exitOf(seat);
  return exit !== undefined && exit.of !== 'page';
}

/** The pages of one attempt. Each is given back exactly once, whatever happens. */
export class Seats {
  readonly sides: readonly SeatedSide[];
  readonly #lent: Set<SeatedSide>;
  readonly #limits: Limits;

  private constructor(sides: readonly SeatedSide[], limits: Limits) {
    this.sides = sides;
    this.#lent = new Set(sides);
    this.#limits = limits;
  }

  /**
   * Lends a page to each side; browsers in the order of their names, so that two cells cannot wait for each other.
   * @throws {LaunchError} if a browser will not start
   * @throws {DeadlineError} if no page came in time
   */
  static async lend(sides: readonly Side[], limits: Limits): Promise<Seats> {
    const hosts = [...new Set(sides.map(({ host }) => host))].toSorted((a, b) =>
      a.spec.id < b.spec.id ? -1 : 1,
    );
    const lent: SeatedSide[] = [];
    try {
      for (const host of hosts) {
        const mine = sides.filter((side) => side.host === host);
        const pages = host.acquire(mine.map(({ setup }) => setup));
        const seats = await within(limits.lendMs, `pages of ${host.spec.id}`, pages).catch(
          (error: unknown) => {
            // Pages that come too late go back at once; if none come, this wait has reported why.
            pages.then(
              (late) => late.forEach((seat) => host.release(seat)),
              () => undefined,
            );
            throw error;
          },
        );
        for (const [index, side] of mine.entries()) {
          const seat = seats[index];
          if (seat) lent.push({ ...side, seat });
        }
      }
    } catch (error) {
      for (const { host, seat } of lent) host.release(seat);
      throw error;
    }
    return new Seats(lent, limits);
  }

  /**
   * Gives every page back. Those that answered start afresh in the background; one that did not is closed, and its
   * browser is checked: pages may answer while the browser behind them hangs.
   * @param isWell whether all went well; else browsers whose pages answered are also checked for a stopped process
   * @param suspect called with each browser before its check; what it returns is called if the browser is alive
   */
  async giveBack(
    answered: ReadonlySet<Role>,
    isWell: boolean,
    suspect: (browser: object) => () => void,
  ): Promise<Look[]> {
    const looks = this.sides.map(async (side): Promise<Look[]> => {
      const { role, host, seat } = side;
      if (!this.#lent.delete(side)) return [];
      const answers = answered.has(role);
      if (answers && isWell) {
        host.release(seat);
        return [];
      }
      const acquit = isLost(host, seat) ? () => undefined : suspect(seat.browser);
      const discarded = answers ? undefined : this.#discard(side);
      const look = host.endIfHung(seat, answers);
      const found = await within(this.#limits.lookMs, `a look at ${host.spec.id}`, look).catch((): Found => ({
        as: 'lives',
      }));
      await discarded;
      if (answers) host.release(seat);
      // If the browser is lost meanwhile, a silent page was its victim; a page that answered has nothing to do with it.
      if (found.as === 'lives' && (answers || !isLost(host, seat))) acquit();
      return [{ role, browser: host.spec.id, started: seat.browser, found }];
    });
    return (await Promise.all(looks)).flat();
  }

  /** Closes the pages that were not given back, because something failed before. */
  async close(): Promise<void> {
    const left = [...this.#lent];
    this.#lent.clear();
    await Promise.all(left.map((side) => this.#discard(side)));
  }

  /** A page that cannot be closed is the host's concern: it ends a browser that closes none. */
  async #discard({ host, seat }: SeatedSide): Promise<void> {
    await within(this.#limits.lookMs, `${host.spec.id} to close a page`, host.discard(seat)).catch(
      () => undefined,
    );
  }
}
