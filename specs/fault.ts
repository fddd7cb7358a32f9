import type { Phase, Status } from '../harness/results/schema.ts';

/** How a scenario would look broken: something is broken on purpose, and its cell must turn red and say why. */
export interface Fault {
  /** The id of the scenario. */
  scenario: string;
  /** What is broken, e.g. "the answerer changes one character". */
  name: string;
  /** The side whose page is broken; the browser itself for a `single` scenario. */
  on: 'offerer' | 'answerer' | 'both' | 'single';
  /** Runs in the page ahead of everything: it patches what the scenario relies on. Sent as source text. */
  page: () => void;
  /** `true`: it runs whenever adapter has loaded, as an adapter that breaks something would. */
  afterAdapter?: boolean;
  /** What must come of it. */
  expect: { status: Status; phase: Phase; reason: RegExp };
  /** Scenarios that do not depend on what is broken: their cells pass all the same. */
  spares?: readonly string[];
  /** Browser kinds for the two sides; chromium with chromium unless told. */
  pair?: readonly [offerer: 'chromium' | 'firefox', answerer: 'chromium' | 'firefox'];
  /** The cell's time in milliseconds, for faults that are seen by something that never comes; 5000 unless told. */
  timeoutMs?: number;
}

const faults: Fault[] = [];

/** Everything declared so far. */
export const declaredFaults = (): readonly Fault[] => faults;

/** Declares how a scenario would look broken; harness/run/faults.e2e.test.ts breaks it so and looks. */
export function fault(declaration: Fault): void {
  faults.push(declaration);
}
