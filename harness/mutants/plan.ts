import picomatch from 'picomatch';
import type { Kind, Mutant } from '../../specs/breakages/catalogue.ts';
import { UsageError } from '../errors.ts';
import { judge, type MutantOutcome } from './tally.ts';

/** A scenario as run by an unbroken browser. */
export interface Healthy {
  scenario: string;
  roles: 'pair' | 'single';
  /** How long it took, in milliseconds. */
  ms: number;
  /** Its time limit, in milliseconds. */
  timeoutMs: number;
  /** The names of `survey` that each side used. */
  uses: Readonly<Record<string, string[]>>;
}

export type Sides = 'offerer' | 'answerer' | 'both' | 'single';

/** One mutant in one scenario. */
export interface MutantCell {
  mutant: string;
  kind: Kind;
  scenario: string;
  on: Sides;
  timeoutMs: number;
}

/** What a user selects from the catalogue. */
export interface Wanted {
  /** Globs over the ids of mutants; none for all. */
  mutants: readonly string[];
  seed: number;
}

/** A mutant and the cells in which it can be tried, in the order in which a sample takes them. */
export interface MutantPlan {
  mutant: Mutant;
  cells: MutantCell[];
}

export const cellId = ({ mutant, scenario, on }: Pick<MutantCell, 'mutant' | 'scenario' | 'on'>): string =>
  `${mutant} ${scenario} ${on}`;

/** FNV-1a over a text and a seed: an order that looks random and is the same everywhere. */
function rank(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  // one more round, or the last characters would decide
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** The sides on which a scenario uses what a mutant breaks. */
function sidesOf({ on, uses }: Mutant, { roles, uses: used }: Healthy): Sides[] {
  const isUsed = (side: string) => uses.some((name) => used[side]?.includes(name));
  if (roles === 'single') return isUsed('single') ? ['single'] : [];
  return on.filter((side) => (side === 'both' ? isUsed('offerer') || isUsed('answerer') : isUsed(side)));
}

/**
 * Time limit of a broken cell: what never comes is noticed soon, at some multiple of what an unbroken cell takes. A break
 * that only delays something gets the scenario's whole time.
 */
const timeFor = ({ slow }: Mutant, { ms, timeoutMs }: Healthy): number =>
  slow ? timeoutMs : Math.min(timeoutMs, Math.max(4500, Math.round(ms * 2.5 + 2000)));

const groupOf = (scenario: string): string => scenario.split('/').slice(0, 2).join('/');

/** @throws {UsageError} `no-such-mutant` for a glob that no break matches: what was asked for would not run */
export function checkMutants(catalogue: readonly Mutant[], globs: readonly string[]): void {
  for (const glob of globs) {
    const matches = picomatch(glob);
    if (!catalogue.some(({ id }) => matches(id)))
      throw new UsageError(
        'no-such-mutant',
        `No break matches "${glob}". They are in specs/breakages/catalogue.ts.`,
      );
  }
}

/** Each mutant with every scenario that uses what it breaks; those that ask about it come first. */
export function planMutants(
  catalogue: readonly Mutant[],
  healthy: readonly Healthy[],
  { mutants, seed }: Wanted,
): MutantPlan[] {
  const isWanted = mutants.length === 0 ? () => true : picomatch([...mutants]);
  return catalogue
    .filter(({ id }) => isWanted(id))
    .map((mutant) => {
      const cells = healthy.flatMap((scenario) =>
        sidesOf(mutant, scenario).map((on) => ({
          mutant: mutant.id,
          kind: mutant.kind,
          scenario: scenario.scenario,
          on,
          timeoutMs: timeFor(mutant, scenario),
        })),
      );
      // those that ask about it first, in the order in which they are named
      const turns = [...mutant.asked.map((glob) => picomatch(glob)), () => true];
      const turnOf = ({ scenario }: MutantCell) => turns.findIndex((isMeant) => isMeant(scenario));
      return { mutant, cells: spread(cells, seed).toSorted((a, b) => turnOf(a) - turnOf(b)) };
    });
}

/** Orders cells so that the first ones come from as many groups of scenarios as possible. */
function spread(cells: readonly MutantCell[], seed: number): MutantCell[] {
  const shuffled = cells.toSorted((a, b) => rank(cellId(a), seed) - rank(cellId(b), seed));
  const seen = new Map<string, number>();
  const turns = shuffled.map((cell) => {
    const group = groupOf(cell.scenario);
    const turn = seen.get(group) ?? 0;
    seen.set(group, turn + 1);
    return { cell, turn };
  });
  return turns.toSorted((a, b) => a.turn - b.turn).map(({ cell }) => cell);
}

/** How long to go on trying a break. */
export interface Limits {
  /** The number of cells in which it bit. */
  sample: number;
  /** The number of cells after which a break that bites nowhere, or that nothing sees, is given up. */
  tries: number;
  /** `true`: it is done after the first cell that sees it. */
  untilSeen: boolean;
}

/** The next cell of a mutant, or undefined if it has been tried enough. */
export function nextCell(
  { mutant, cells }: MutantPlan,
  tried: ReadonlyMap<string, MutantOutcome>,
  { sample, tries, untilSeen }: Limits,
): MutantCell | undefined {
  const outcomes = cells.flatMap((cell) => tried.get(cellId(cell)) ?? []);
  const bitten = outcomes.filter(({ bites }) => bites !== 0).length;
  if (bitten >= sample || outcomes.length >= tries) return undefined;
  if (untilSeen && outcomes.some((outcome) => judge(outcome, mutant.words) === 'seen')) return undefined;
  return cells.find((cell) => !tried.has(cellId(cell)));
}
