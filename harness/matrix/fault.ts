import type { Phase, Status } from '../results/schema.ts';

/** A way to break a scenario, without the script that does it. */
export interface FaultDeclaration {
  /** The id of the scenario. */
  scenario: string;
  /** What is broken, e.g. "the answerer changes one character". */
  name: string;
  /** The side whose page is broken; the browser itself for a `single` scenario. */
  on: 'offerer' | 'answerer' | 'both' | 'single';
  /** `true`: it runs each time adapter has loaded, as if adapter were what breaks something. */
  afterAdapter?: boolean;
  /** The expected outcome. */
  expect: { status: Status; phase: Phase; reason: RegExp };
  /** Scenarios that do not depend on what is broken: their cells still pass. */
  spares?: readonly string[];
  /**
   * The browsers of the two sides. Default: chromium with chromium; for the faults of a project, its first browser with
   * itself.
   */
  pair?: readonly [offerer: string, answerer: string];
  /**
   * The cell's time in milliseconds, for faults that show as something that never comes. Default 5000; this project's
   * own have 3000 where the scenario is light and Chromium alone takes part.
   */
  timeoutMs?: number;
}

/** What a page function takes matters only where it is declared: it is sent as source, with its argument. */
export interface DeclaredFault extends FaultDeclaration {
  page: { toString(): string };
  arg?: unknown;
}

const faults: DeclaredFault[] = [];

/** Everything declared so far. */
export const declaredFaults = (): readonly DeclaredFault[] => faults;

/** Keeps a fault until faults are run. */
export const declareFault = (fault: DeclaredFault): void => void faults.push(fault);
