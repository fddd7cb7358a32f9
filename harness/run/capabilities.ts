import type { BrowserDetails } from '../drivers/driver.ts';
import { PeerGoneError } from '../errors.ts';
import type { Scenario } from '../matrix/scenario.ts';
import { setupKey, type PageSetup } from '../peers/page-server.ts';
import type { ConsoleEntry, ProbeAnswer } from '../protocol/agent.ts';
import type { Role } from '../protocol/signaling.ts';
import type { Reason } from '../results/schema.ts';
import { ownKey } from '../own-key.ts';
import { DeadlineError, within } from '../within.ts';
import type { Lender, LentPage } from './lender.ts';

/** What a browser answered, and how its page looked: the proof of `unsupported`. */
export interface Probe {
  answer: ProbeAnswer;
  console: readonly ConsoleEntry[];
  /** A PNG; undefined if the driver could take none. */
  screenshot: Buffer | undefined;
}

/** A page that answers takes some milliseconds. */
const answerMs = 20_000;
/** How many pages are asked, if they go or do not answer. */
const mostTries = 3;

/** What a probe needs of a page. */
export interface ProbedPage extends Pick<LentPage, 'browser'> {
  readonly page: Pick<LentPage['page'], 'screenshot'>;
  readonly peer: Pick<LentPage['peer'], 'probe' | 'console'>;
}

/** What a probe needs of a browser. */
export interface ProbedHost<Page extends ProbedPage> extends Pick<Lender, 'spec' | 'details' | 'endIfHung'> {
  acquire(setups: readonly PageSetup[]): Promise<Page[]>;
  release(page: Page): void;
  discard(page: Page): Promise<void>;
}

/** What is known from how a browser was started: no page could tell. */
const fromLaunch: Readonly<Record<string, (details: BrowserDetails) => boolean>> = {
  /** It trusts the key of this process, and so a TURN server over TLS. */
  'launch:trusts-own-key': ({ launchArgs }) =>
    launchArgs.some((arg) => arg.endsWith(`=${ownKey().fingerprint}`)),
};

/** Every name that a scenario may ask for. */
export const namesAsked = (scenarios: readonly Scenario[]): string[] =>
  [
    ...new Set(scenarios.flatMap(({ result: { requires } }) => [...requires.offerer, ...requires.answerer])),
  ].toSorted();

/** Asks each browser once for each page setup: a polyfill may provide what the plain page lacks. */
export class Prober {
  readonly #names: readonly string[];
  readonly #probeMs: number;
  readonly #probes = new Map<string, Promise<Probe>>();

  /** @param probeMs time that a page has to answer */
  constructor(names: readonly string[], probeMs = answerMs) {
    this.#names = names;
    this.#probeMs = probeMs;
  }

  /**
   * @param names what to ask for; default all
   * @throws {LaunchError} if the browser will not start
   */
  probe<Page extends ProbedPage>(
    host: ProbedHost<Page>,
    setup: PageSetup,
    names: readonly string[] = this.#names,
  ): Promise<Probe> {
    const asked = names === this.#names ? 'all' : names.join();
    const key = `${host.spec.id} ${setupKey(setup)} ${asked}`;
    const known = this.#probes.get(key);
    if (known) return known;
    const probe = this.#ask(host, setup, names);
    this.#probes.set(key, probe);
    // A browser that died during the probe is asked again; one that will not start fails again.
    probe.catch(() => this.#probes.delete(key));
    return probe;
  }

  /** No cell runs yet that could be blamed for a page that goes or hangs meanwhile: the next page is asked. */
  async #ask<Page extends ProbedPage>(
    host: ProbedHost<Page>,
    setup: PageSetup,
    names: readonly string[],
  ): Promise<Probe> {
    for (let tries = 1; ; tries += 1) {
      const [seat] = await host.acquire([setup]);
      if (!seat) throw new Error(`${host.spec.id} lent no page`);
      try {
        const probe = await this.#askPage(host, seat, names);
        host.release(seat);
        return probe;
      } catch (error) {
        await host.discard(seat);
        await host.endIfHung(seat, false);
        const isGone = error instanceof PeerGoneError || error instanceof DeadlineError;
        if (!isGone || tries === mostTries) throw error;
      }
    }
  }

  async #askPage(
    { spec: { id }, details }: Pick<Lender, 'spec' | 'details'>,
    { peer, page }: ProbedPage,
    names: readonly string[],
  ): Promise<Probe> {
    const told = await within(this.#probeMs, `${id} to answer the probe`, peer.probe(names));
    const known = names.flatMap((name) => {
      const holds = fromLaunch[name];
      return holds ? [[name, holds(details)] as const] : [];
    });
    const answer = { ...told, has: { ...told.has, ...Object.fromEntries(known) } };
    const lacks = Object.values(answer.has).includes(false);
    const screenshot = lacks
      ? await within(this.#probeMs, 'a screenshot', page.screenshot()).catch(() => undefined)
      : undefined;
    return { answer, console: [...peer.console], screenshot };
  }
}

/** A side and the probe of its browser. */
export interface ProbedSide {
  role: Role;
  /** Its id. */
  browser: string;
  probe: Probe;
}

/** Why a cell is `unsupported`. */
export interface Lack {
  reason: Reason;
  /** The sides whose probes prove it; a browser that is both sides, asked once for both, is named by the first. */
  proof: ProbedSide[];
}

const isConnection = (name: string): boolean => name === 'RTCPeerConnection';

/** The sides that cannot connect at all though the scenario needs that, whatever else they lack; null if there are none. */
export const lackingConnection = (
  { result: { requires, roles } }: Pick<Scenario, 'result'>,
  sides: readonly ProbedSide[],
): Lack | null =>
  lacking(
    {
      result: {
        roles,
        requires: {
          offerer: requires.offerer.filter(isConnection),
          answerer: requires.answerer.filter(isConnection),
        },
      },
    },
    sides,
  );

/** What the sides lack of what the scenario needs; null if nothing is missing. */
export function lacking(
  { result: { requires, roles } }: { result: Pick<Scenario['result'], 'requires' | 'roles'> },
  sides: readonly ProbedSide[],
): Lack | null {
  const lacks = sides.flatMap((side) => {
    const { role, browser, probe } = side;
    const needs = role === 'answerer' ? requires.answerer : requires.offerer;
    const missing = needs.filter((name) => probe.answer.has[name] !== true);
    return missing.length === 0 ? [] : [{ side, text: `${role} ${browser} has no ${missing.join(', ')}` }];
  });
  const [first] = lacks;
  if (!first) return null;
  const reason = {
    code: 'lacks-capability',
    message: `${lacks.map(({ text }) => text).join('; ')}, says its probe`,
    peer: roles === 'single' ? ('single' as const) : first.side.role,
  };
  const proof = new Map(
    lacks
      .map(({ side }) => side)
      .toReversed()
      .map((side) => [side.probe, side]),
  );
  return { reason, proof: [...proof.values()].toReversed() };
}
