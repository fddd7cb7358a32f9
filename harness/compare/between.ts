import { UsageError } from '../errors.ts';
import type { Cell, Results } from '../results/schema.ts';
import { signatureOf } from '../results/signature.ts';

/** Two browsers, the earlier and the later one. */
export type TwoBrowsers = readonly [earlier: string, later: string];

/**
 * Two runs, or one, as if a browser of the first were an earlier version of one of the second: its cells get the name of
 * the later one. Cells in which neither takes part are left out, and so are those in which the two meet.
 * @throws {UsageError} `unknown-browser`
 */
export function between(
  before: Results,
  after: Results,
  [earlier, later]: TwoBrowsers,
): { before: Results; after: Results } {
  const kind = after.browsers.find(({ id }) => id === later)?.kind;
  const was = onlyWith(before, earlier, later);
  return {
    before: {
      ...was,
      browsers: was.browsers.map((browser) =>
        browser.id === earlier ? { ...browser, id: later, kind: kind ?? browser.kind } : browser,
      ),
      cells: was.cells.map((cell) => renamed(cell, earlier, later)),
    },
    after: onlyWith(after, later, earlier),
  };
}

/** A run with only the cells in which a browser takes part without meeting the other one, and without that other one. */
function onlyWith(results: Results, id: string, other: string): Results {
  const sidesOf = ({ offerer, answerer }: Cell): string[] => [offerer, answerer ?? offerer];
  const cells = results.cells.filter((cell) => sidesOf(cell).includes(id) && !sidesOf(cell).includes(other));
  if (cells.length === 0) {
    const all = [...new Set(results.cells.flatMap(sidesOf))];
    throw new UsageError(
      'unknown-browser',
      `No cell of run ${results.run.id} is about "${id}"${all.includes(id) ? ` without "${other}"` : ''}. Its browsers are ${all.join(', ')}.`,
    );
  }
  return { ...results, browsers: results.browsers.filter((browser) => browser.id !== other), cells };
}

/** A cell in which a browser has another name, also in the texts about its failures, so that equal ones compare equal. */
export function renamed(cell: Cell, from: string, to: string): Cell {
  if (from === to) return cell;
  const escaped = from.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const name = new RegExp(`(?<![\\w.@-])${escaped}(?![\\w@-]|\\.\\w)`, 'g');
  const inReason = <T extends Pick<Cell, 'reason'>>(one: T): T =>
    one.reason === null
      ? one
      : { ...one, reason: { ...one.reason, message: one.reason.message.replaceAll(name, () => to) } };
  const said = inReason(cell);
  return {
    ...said,
    offerer: cell.offerer === from ? to : cell.offerer,
    answerer: cell.answerer === from ? to : cell.answerer,
    signature: signatureOf(said),
    attempts: cell.attempts.map(inReason),
  };
}
