import type { Scenario } from '../matrix/scenario.ts';
import { setupKey, type PageSetup } from '../peers/page-server.ts';
import type { ConsoleEntry, ProbeAnswer } from '../protocol/agent.ts';
import type { Role } from '../protocol/signaling.ts';
import type { Reason } from '../results/schema.ts';
import { within } from '../within.ts';
import type { Lender } from './lender.ts';

/** What a browser answered, and how its page looked: the proof of `unsupported`. */
export interface Probe {
  answer: ProbeAnswer;
  console: readonly ConsoleEntry[];
  /** A PNG; undefined where the driver could take none. */
  screenshot: Buffer | undefined;
}

const probeMs = 20_000;

/** Every name that a scenario may ask for. */
export const namesAsked = (scenarios: readonly Scenario[]): string[] =>
  [
    ...new Set(scenarios.flatMap(({ result: { requires } }) => [...requires.offerer, ...requires.answerer])),
  ].toSorted();

/** Asks each browser once for each page setup: a polyfill may bring what the plain page lacks. */
export class Prober {
  readonly #names: readonly string[];
  readonly #probes = new Map<string, Promise<Probe>>();

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /** @throws {LaunchError} when the browser will not start */
  probe(host: Lender, setup: PageSetup): Promise<Probe> {
    const key = `${host.spec.id} ${setupKey(setup)}`;
    const known = this.#probes.get(key);
    if (known) return known;
    const probe = this.#ask(host, setup);
    this.#probes.set(key, probe);
    // A browser that died during the probe is asked again; one that will not start says so again.
    probe.catch(() => this.#probes.delete(key));
    return probe;
  }

  async #ask(host: Lender, setup: PageSetup): Promise<Probe> {
    const [seat] = await host.acquire([setup]);
    if (!seat) throw new Error(`${host.spec.id} lent no page`);
    const { peer, page } = seat;
    try {
      const answer = await within(probeMs, `${host.spec.id} to answer the probe`, peer.probe(this.#names));
      const lacks = Object.values(answer.has).includes(false);
      const screenshot = lacks
        ? await within(probeMs, 'a screenshot', page.screenshot()).catch(() => undefined)
        : undefined;
      host.release(seat);
      return { answer, console: [...peer.console], screenshot };
    } catch (error) {
      await host.discard(seat);
      throw error;
    }
  }
}

/** What a side lacks, as the reason of an `unsupported` cell; null where nothing is missing. */
export function lacking(
  { result: { requires, roles } }: Scenario,
  sides: readonly { role: Role; browser: string; probe: Probe }[],
): Reason | null {
  const lacks = sides.flatMap(({ role, browser, probe }) => {
    const needs = role === 'answerer' ? requires.answerer : requires.offerer;
    const missing = needs.filter((name) => probe.answer.has[name] !== true);
    return missing.length === 0 ? [] : [{ role, text: `${role} ${browser} has no ${missing.join(', ')}` }];
  });
  const [first] = lacks;
  if (!first) return null;
  return {
    code: 'lacks-capability',
    message: `${lacks.map(({ text }) => text).join('; ')}, says its probe`,
    peer: roles === 'single' ? 'single' : first.role,
  };
}
