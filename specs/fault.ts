import { declareFault, type FaultDeclaration } from '../harness/matrix/fault.ts';
import type { Kit } from './kit/kit.ts';

export { declaredFaults, type DeclaredFault } from '../harness/matrix/fault.ts';

/** How a scenario would look when broken: something is broken on purpose, and its cell must turn red and say why. */
export interface Fault<Arg = undefined> extends FaultDeclaration {
  /**
   * Runs in the page before everything else: it patches what the scenario relies on. Sent as source text, so it sees the
   * kit and its argument and nothing else.
   */
  page: (kit: Kit, arg: Arg) => void;
  /** The argument of `page`, as JSON can carry it. */
  arg?: Arg;
}

/** Declares how a scenario would look when broken; `harness/run/faults.alone.e2e.test.ts` breaks it that way and checks. */
export const fault = <Arg = undefined>(declaration: Fault<Arg>): void => declareFault(declaration);
