import type { Cell } from '../results/schema.ts';

type Outcome = Pick<Cell, 'scenario' | 'offerer' | 'answerer' | 'status' | 'signature'>;

const keyOf = ({ scenario, offerer, answerer }: Outcome): string =>
  `${scenario} ${offerer}${answerer === null ? '' : ` → ${answerer}`}`;

/** A failure without its `last seen` part, which differs between equal failures. */
const failureOf = (signature: string): string => signature.split('; last seen: ', 1).join();

/** The cells whose outcome differs, including those with another failure of the same status and those that one run lacks. */
export function changedOutcomes(before: readonly Outcome[], after: readonly Outcome[]): string[] {
  const tell = (cell: Outcome | undefined): string =>
    cell === undefined
      ? 'not there'
      : `${cell.status}${cell.signature === null ? '' : `: ${failureOf(cell.signature)}`}`;
  const earlier = new Map(before.map((cell) => [keyOf(cell), cell]));
  const later = new Map(after.map((cell) => [keyOf(cell), cell]));
  return [...new Set([...earlier.keys(), ...later.keys()])].flatMap((key) => {
    const [was, is] = [tell(earlier.get(key)), tell(later.get(key))];
    return was === is ? [] : [`${key}: ${was}; then ${is}`];
  });
}
