import { basename } from 'node:path';
import { evidenceContent } from '../results/evidence-content.ts';
import type { Cell, Evidence, Results } from '../results/schema.ts';
import { openStore, type ResultStore } from '../results/store.ts';
import type { Merged, MergedCell } from './merge.ts';

/** The evidence of all attempts of a cell, each file once. */
const evidenceOf = ({ evidence, attempts }: Cell): Evidence[] => [
  ...new Map(
    [...evidence, ...attempts.flatMap((attempt) => attempt.evidence)].map((each) => [each.path, each]),
  ).values(),
];

/** The name that a file of evidence had before the store put its side before it. */
function nameOf({ path, peer }: Evidence): string {
  const name = basename(path);
  return peer !== null && name.startsWith(`${peer}-`) ? name.slice(peer.length + 1) : name;
}

/** A cell with its evidence in another store. */
async function movedCell({ part, cell }: MergedCell, store: ResultStore): Promise<Cell> {
  const moved = new Map<string, Evidence>();
  for (const each of evidenceOf(cell)) {
    const content = await evidenceContent(part.dir, each);
    moved.set(each.path, await store.writeEvidence(cell, each.kind, each.peer, nameOf(each), content));
  }
  const inStore = (all: readonly Evidence[]): Evidence[] => all.map((each) => moved.get(each.path) ?? each);
  return {
    ...cell,
    evidence: inStore(cell.evidence),
    attempts: cell.attempts.map((attempt) => ({ ...attempt, evidence: inStore(attempt.evidence) })),
  };
}

/**
 * Writes a merged run into a folder of its own, with all evidence; not before all of it was seen to be whole.
 * @throws {UsageError} `evidence-missing`, `evidence-not-whole`, `out-has-results`, `out-in-use`
 * @throws {IncompleteError} `results-not-writable`
 */
export async function writeMerged(
  { run, browsers, scenarios, cells }: Merged,
  out: string,
): Promise<Results> {
  for (const { part, cell } of cells)
    for (const each of evidenceOf(cell)) await evidenceContent(part.dir, each);
  const store = await openStore(out);
  try {
    await store.writeHeader({ ...run, finishedAt: null, complete: false }, browsers, scenarios);
    for (const each of cells) await store.appendCell(await movedCell(each, store));
    return await store.finish(run, browsers, scenarios);
  } finally {
    await store.close();
  }
}
