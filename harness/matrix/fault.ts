import type { Phase, Status } from '../results/schema.ts';

/** How a scenario would look broken, without what its script finds in the page. */
export interface FaultDeclaration {
  /** The id of the scenario. */
  scenario: string;
  /** What is broken, e.g. "the answerer changes one character". */
  name: string;
  /** The side whose page is broken; the browser itself for a `single` scenario. */
  on: 'offerer' | 'answerer' | 'both' | 'single';
  /** `true`: it runs whenever adapter has loaded, as an adapter that breaks something would. */
  afterAdapter?: boolean;
  /** What must come of it. */
  expect: { status: Status; phase: Phase; reason: RegExp };
  /** Scenarios that do not depend on what is broken: their cells pass all the same. */
  spares?: readonly string[];
  /**
   * The browsers of the two sides. Default: chromium with chromium; for the faults of a project, its first browser with
   * itself.
   */
  pair?: readonly [offerer: string, answerer: string];
  /**
   * The cell's time in milliseconds, for faults that are seen by something that never comes. Default 5000; this project's
   * own have 3000 where the scenario is light and Chromium alone takes part.
   */
  timeoutMs?: number;
}

/** What a page function takes matters to who declares it only: it is sent with its argument as source. */
export interface DeclaredFault extends FaultDeclaration {
  page: { toString(): string };
  arg?: unknown;
}

const faults: DeclaredFault[] = [];

/** Everything declared so far. */
export const declaredFaults = (): readonly DeclaredFault[] => faults;

/** Keeps a fault for whoever runs them. */
export const declareFault = (fault: DeclaredFault): void => void faults.push(fault);
