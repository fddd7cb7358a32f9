import { basename, extname } from 'node:path';
import type { CellKey } from '../results/cell-key.ts';
import { EvidenceReader } from '../results/evidence-reader.ts';
import type { StoredRun } from '../results/read-run.ts';
import type { Attempt, BrowserResult, Cell, Evidence } from '../results/schema.ts';
import { isStored } from '../results/stored-cell.ts';
import { openStore, type NewEvidence, type ResultStore } from '../results/store.ts';
import { Scrubber, type Machine } from './scrub.ts';

const isPicture = ({ kind }: Evidence): boolean => kind === 'screenshot' || kind === 'frame';
const texts = ['.txt', '.log', '.sdp', '.json', '.jsonl'];

/** Makes a copy of a run that anybody may see. */
class Publisher {
  readonly #reader: EvidenceReader;
  readonly #scrubber: Scrubber;
  readonly #store: ResultStore;
  readonly #say: (problem: string) => void;

  constructor(dir: string, machine: Machine, store: ResultStore, say: (problem: string) => void) {
    this.#reader = new EvidenceReader(dir);
    this.#scrubber = new Scrubber(machine);
    this.#store = store;
    this.#say = say;
  }

  /** Versions stay as they are: four numbers of one look like an address. */
  browser({ version, driver, ...browser }: BrowserResult): BrowserResult {
    return { ...this.#scrubber.value(browser), version, driver };
  }

  value<T>(value: T): T {
    return this.#scrubber.value(value);
  }

  async cell(cell: Cell): Promise<Cell> {
    const attempts: Attempt[] = [];
    for (const attempt of cell.attempts) attempts.push(await this.#scrubbed(cell, attempt));
    const evidence = attempts.at(-1)?.evidence ?? (await this.#evidence(cell, cell));
    // What identifies a cell is not a text from the machine.
    const { scenario, offerer, answerer, standsFor, startedAt, attempts: _, evidence: __, ...rest } = cell;
    const told = { ...this.value(rest), scenario, offerer, answerer, startedAt, attempts, evidence };
    return standsFor === undefined ? told : { ...told, standsFor };
  }

  async #scrubbed(of: CellKey, attempt: Attempt): Promise<Attempt> {
    const { startedAt, evidence: _, ...rest } = attempt;
    return { ...this.value(rest), startedAt, evidence: await this.#evidence(of, attempt) };
  }

  async #evidence(
    of: CellKey,
    { evidence, status }: Pick<Attempt, 'evidence' | 'status'>,
  ): Promise<Evidence[]> {
    const kept: NewEvidence[] = [];
    for (const each of evidence) {
      if (each.kind === 'screenshot' && status === 'pass') continue;
      const content = await this.#content(each);
      if (content !== null) kept.push({ kind: each.kind, peer: each.peer, name: nameOf(each), content });
    }
    return this.#store.writeEvidence(kept, of);
  }

  async #content(evidence: Evidence): Promise<string | Buffer | null> {
    const found = await this.#reader.find(evidence);
    const name = `${evidence.path} (${evidence.sha256.slice(0, 12)})`;
    if (found.state !== 'whole') {
      this.#say(`${name} is not published: it is ${found.state}.`);
      return null;
    }
    if (isPicture(evidence)) return found.content;
    if (texts.includes(extname(evidence.path))) return this.#scrubber.text(found.content.toString('utf8'));
    this.#say(`${name} is not published: it is neither text nor a picture, so nobody knows what it tells.`);
    return null;
  }
}

/** The name that a file of evidence had before the store put its side in front of it. */
function nameOf({ path, peer }: Evidence): string {
  const name = basename(path);
  return peer !== null && name.startsWith(`${peer}-`) ? name.slice(peer.length + 1) : name;
}

/**
 * Writes a copy of a run into a folder of its own, without what tells on which machine and by whom it was made, and
 * without screenshots of passes.
 * @param dir the folder of the run
 * @param say is told about evidence that is left out, in one sentence each
 * @throws {UsageError} `out-has-results`, `out-in-use`
 * @throws {IncompleteError} `results-not-writable`
 */
export async function publishRun(
  stored: StoredRun,
  dir: string,
  out: string,
  machine: Machine,
  say: (problem: string) => void,
): Promise<StoredRun> {
  const { run, browsers, scenarios } = stored.header;
  const store = await openStore(out);
  try {
    const publisher = new Publisher(dir, machine, store, say);
    const about = { ...run, argv: publisher.value(run.argv) };
    const own = browsers.map((browser) => publisher.browser(browser));
    await store.writeHeader(about, own, scenarios);
    for await (const cell of stored.cells())
      if (isStored(cell)) await store.appendCell(await publisher.cell(cell));
    return await store.finish({ ...about, complete: run.complete && stored.isWhole() }, own, scenarios);
  } finally {
    await store.close();
  }
}
