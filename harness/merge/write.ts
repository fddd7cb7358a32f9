import { basename } from 'node:path';
import { UsageError } from '../errors.ts';
import type { CellKey } from '../results/cell-key.ts';
import { EvidenceReader } from '../results/evidence-reader.ts';
import type { StoredRun } from '../results/read-run.ts';
import type { Attempt, Cell, Evidence } from '../results/schema.ts';
import { isStored } from '../results/stored-cell.ts';
import { openStore, type NewEvidence, type ResultStore } from '../results/store.ts';
import type { Merged, MergedCell } from './merge.ts';

/** The name that a file of evidence had before the store put its side in front of it. */
function nameOf({ path, peer }: Evidence): string {
  const name = basename(path);
  return peer !== null && name.startsWith(`${peer}-`) ? name.slice(peer.length + 1) : name;
}

/** Reads the evidence of several runs. */
class Readers {
  readonly #readers = new Map<string, EvidenceReader>();

  /** @throws {UsageError} `evidence-missing` if it is gone, `evidence-not-whole` if it was changed or cannot be read */
  async content(dir: string, evidence: Evidence): Promise<Buffer> {
    const reader = this.#readers.get(dir) ?? new EvidenceReader(dir);
    this.#readers.set(dir, reader);
    const found = await reader.find(evidence);
    if (found.state === 'whole') return found.content;
    if (found.state === 'missing')
      throw new UsageError('evidence-missing', `Evidence of ${dir} is gone: ${evidence.path}.`);
    const why = found.state === 'refused' ? found.problem : `${evidence.path} was changed.`;
    throw new UsageError('evidence-not-whole', `Evidence of ${dir} is not as the run wrote it: ${why}`);
  }
}

/** An attempt, or a cell, with its evidence in another store. */
async function moved<T extends Pick<Cell, 'evidence'>>(
  of: CellKey,
  from: T,
  dir: string,
  readers: Readers,
  store: ResultStore,
): Promise<T> {
  const evidence: NewEvidence[] = [];
  for (const each of from.evidence) {
    const content = await readers.content(dir, each);
    evidence.push({ kind: each.kind, peer: each.peer, name: nameOf(each), content });
  }
  return { ...from, evidence: await store.writeEvidence(evidence, of) };
}

/** A cell with its evidence in another store. */
async function movedCell({ part, cell }: MergedCell, readers: Readers, store: ResultStore): Promise<Cell> {
  const attempts: Attempt[] = [];
  for (const attempt of cell.attempts) attempts.push(await moved(cell, attempt, part.dir, readers, store));
  const last = attempts.at(-1);
  return last === undefined
    ? moved(cell, cell, part.dir, readers, store)
    : { ...cell, evidence: last.evidence, attempts };
}

/**
 * Writes a merged run, with all evidence, into a folder of its own, but only after all of the evidence was checked.
 * @throws {UsageError} `evidence-missing`, `evidence-not-whole`, `out-has-results`, `out-in-use`
 * @throws {IncompleteError} `results-not-writable`
 */
export async function writeMerged(
  { run, browsers, scenarios, cells: all }: Merged,
  out: string,
): Promise<StoredRun> {
  const cells = all.filter(({ cell }) => isStored(cell));
  const readers = new Readers();
  for (const { part, cell } of cells)
    for (const { evidence } of [cell, ...cell.attempts])
      for (const each of evidence) await readers.content(part.dir, each);
  const store = await openStore(out);
  try {
    await store.writeHeader({ ...run, finishedAt: null, complete: false }, browsers, scenarios);
    for (const each of cells) await store.appendCell(await movedCell(each, readers, store));
    return await store.finish(run, browsers, scenarios);
  } finally {
    await store.close();
  }
}
