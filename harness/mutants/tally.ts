import type { Kind, Mutant } from '../../specs/breakages/catalogue.ts';
import type { MutantCell } from './plan.ts';

/** The outcome of a mutant in a scenario. */
export interface MutantOutcome extends MutantCell {
  status: string;
  phase: string | null;
  reason: string;
  /** How often the mutant changed something; null if the page could not be asked. */
  bites: number | null;
}

/**
 * - `seen`: the cell is red, and its reason speaks of what is broken;
 * - `wrong-reason`: it is red for something else;
 * - `survived`: it is green although the mutant bit;
 * - `no-bite`: nothing was broken in this cell, so it does not count.
 */
export type Judgement = 'seen' | 'wrong-reason' | 'survived' | 'no-bite';

/** Judges one cell. An `unsupported` cell is not red, and an `error` or a crash is no verdict on a browser. */
export function judge(outcome: MutantOutcome, words: RegExp): Judgement {
  const { status, reason, bites } = outcome;
  if (bites === 0) return 'no-bite';
  if (status === 'pass' || status === 'unsupported' || status === 'notrun') {
    return bites === null ? 'no-bite' : 'survived';
  }
  const isVerdict = status === 'fail' || status === 'timeout';
  return isVerdict && words.test(reason) ? 'seen' : 'wrong-reason';
}

export interface KindTally {
  kind: Kind;
  /** Mutants that were tried. */
  mutants: number;
  /** Of them, those that bit nowhere: no scenario gave them anything to break. */
  idle: number;
  /** Of them, those that some scenario saw for the right reason. */
  seen: number;
  /** Cells in which a mutant bit. */
  cells: number;
  cellsSeen: number;
  cellsWrong: number;
}

/** What became of one mutant. */
export interface MutantTally {
  id: string;
  kind: Kind;
  seenBy: string[];
  wrongIn: string[];
  survivedIn: string[];
  /** Where it did not bite. */
  idleIn: string[];
}

const placeOf = ({ scenario, on }: MutantOutcome): string =>
  on === 'single' ? scenario : `${scenario} (${on})`;

/** By mutant, in the order of the catalogue; those that bit nowhere have empty lists. */
export function tallyMutants(
  catalogue: readonly Mutant[],
  outcomes: readonly MutantOutcome[],
): MutantTally[] {
  return catalogue.map(({ id, kind, words }) => {
    const mine = outcomes.filter(({ mutant }) => mutant === id);
    const as = (judgement: Judgement) =>
      mine.filter((outcome) => judge(outcome, words) === judgement).map(placeOf);
    return {
      id,
      kind,
      seenBy: as('seen'),
      wrongIn: as('wrong-reason'),
      survivedIn: as('survived'),
      idleIn: as('no-bite'),
    };
  });
}

const hasBitten = ({ seenBy, wrongIn, survivedIn }: MutantTally): boolean =>
  seenBy.length + wrongIn.length + survivedIn.length > 0;

const wasTried = (tally: MutantTally): boolean => hasBitten(tally) || tally.idleIn.length > 0;

/** By kind, in order of appearance. */
export function tallyKinds(tallies: readonly MutantTally[]): KindTally[] {
  const kinds = [...new Set(tallies.map(({ kind }) => kind))];
  return kinds.map((kind) => {
    const tried = tallies.filter((tally) => tally.kind === kind && wasTried(tally));
    const bitten = tried.filter(hasBitten);
    const sum = (of: (tally: MutantTally) => number) => bitten.reduce((total, tally) => total + of(tally), 0);
    const cellsSeen = sum(({ seenBy }) => seenBy.length);
    const cellsWrong = sum(({ wrongIn }) => wrongIn.length);
    return {
      kind,
      mutants: tried.length,
      idle: tried.length - bitten.length,
      seen: bitten.filter(({ seenBy }) => seenBy.length > 0).length,
      cells: cellsSeen + cellsWrong + sum(({ survivedIn }) => survivedIn.length),
      cellsSeen,
      cellsWrong,
    };
  });
}

/** Mutants that no scenario saw for the right reason: findings. */
export const unseen = (tallies: readonly MutantTally[]): MutantTally[] =>
  tallies.filter((tally) => hasBitten(tally) && tally.seenBy.length === 0);

/** Mutants that bit nowhere although they were tried: what scenarios send and ask for could not reveal them. */
export const idle = (tallies: readonly MutantTally[]): MutantTally[] =>
  tallies.filter((tally) => wasTried(tally) && !hasBitten(tally));
