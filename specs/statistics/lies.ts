import { scaled } from '../breakages/statistics.ts';
import { fault } from '../fault.ts';
import type { Side } from '../steps/sides.ts';

/** A side reports a member of a dictionary as a multiple of what it is; the scenario's claim of that member has to say so. */
export const scaledClaim = (
  scenario: string,
  on: Side,
  type: string,
  member: string,
  by: number,
  timeoutMs: number,
): void =>
  fault({
    scenario,
    name: `${member} is ${String(by)} times as much`,
    on,
    page: scaled,
    arg: { types: [type], members: [member], by },
    expect: { status: 'fail', phase: 'assert', reason: new RegExp(`${type}\\.${member} is [\\d.]+, not`) },
    timeoutMs,
  });
