import { claimed, forgotten, scaled } from '../breakages/statistics.ts';
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

/** A side reports a member of a dictionary as this value, whatever it is; the scenario's claim of that member has to say so. */
export const falseClaim = (
  scenario: string,
  on: Side,
  type: string,
  member: string,
  value: string | number | boolean,
  timeoutMs: number,
): void =>
  fault({
    scenario,
    name: `${member} of ${type} is always ${JSON.stringify(value)}`,
    on,
    page: claimed,
    arg: { types: [type], members: [member], value },
    expect: {
      status: 'fail',
      phase: 'assert',
      reason: new RegExp(`${type}\\.${member} is ${JSON.stringify(value)}, not`),
    },
    timeoutMs,
  });

/** A side leaves out a member of a dictionary; the scenario's claim of that member has to say so. */
export const absentClaim = (
  scenario: string,
  on: Side,
  type: string,
  member: string,
  timeoutMs: number,
): void =>
  fault({
    scenario,
    name: `${type} forgets ${member}`,
    on,
    page: forgotten,
    arg: { types: [type], members: [member] },
    expect: { status: 'fail', phase: 'assert', reason: new RegExp(`${type}\\.${member} is absent`) },
    timeoutMs,
  });
