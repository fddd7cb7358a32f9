import type { Phase, Status } from '../harness/results/schema.ts';
import type { Kit } from './kit/kit.ts';

/** How a scenario would look broken: something is broken on purpose, and its cell must turn red and say why. */
export interface Fault<Arg = undefined> {
  /** The id of the scenario. */
  scenario: string;
  /** What is broken, e.g. "the answerer changes one character". */
  name: string;
  /** The side whose page is broken; the browser itself for a `single` scenario. */
  on: 'offerer' | 'answerer' | 'both' | 'single';
  /**
   * Runs in the page ahead of everything: it patches what the scenario relies on. Sent as source text, so it sees the
   * kit and its argument and nothing else.
   */
  page: (kit: Kit, arg: Arg) => void;
  /** Its argument, as JSON can carry it. */
  arg?: Arg;
  /** `true`: it runs whenever adapter has loaded, as an adapter that breaks something would. */
  afterAdapter?: boolean;
  /** What must come of it. */
  expect: { status: Status; phase: Phase; reason: RegExp };
  /** Scenarios that do not depend on what is broken: their cells pass all the same. */
  spares?: readonly string[];
  /** The browsers of the two sides. Default: chromium with chromium, or, for faults of a project's own, its first browser. */
  pair?: readonly [offerer: string, answerer: string];
  /** The cell's time in milliseconds, for faults that are seen by something that never comes; 5000 unless told. */
  timeoutMs?: number;
}

/** What a page function takes matters to who declares it only: it is sent with its argument as source. */
export type DeclaredFault = Omit<Fault, 'page' | 'arg'> & { page: { toString(): string }; arg?: unknown };

const faults: DeclaredFault[] = [];

/** Everything declared so far. */
export const declaredFaults = (): readonly DeclaredFault[] => faults;

/** Declares how a scenario would look broken; harness/run/faults.e2e.test.ts breaks it so and looks. */
export function fault<Arg = undefined>(declaration: Fault<Arg>): void {
  faults.push(declaration);
}
