import { join } from 'node:path';
import { EvidenceReader } from '../results/evidence-reader.ts';
import { openPacks, packName } from '../results/pack-writer.ts';
import type { Cell, Evidence } from '../results/schema.ts';
import type { PackedEvidence } from './data.ts';
import type { Report } from './reporter.ts';
import { attemptsOf } from './unpack.ts';

type Place = Pick<PackedEvidence, 'pack' | 'problem'>;

const packOf = (folder: 'evidence' | 'data', number: number): string =>
  `${folder}/${packName(number).replace(/\.js$/, '')}`;

/**
 * Where the page finds evidence. A pack of the run is used only if every line in it is a line of a pack, since a
 * browser runs whatever else is in it. Evidence in files or in any other pack goes into packs in `data/`.
 */
export class EvidencePlaces {
  readonly reader: EvidenceReader;
  readonly #packs;
  readonly #say: (problem: string) => void;

  constructor({ dir, say }: Pick<Report, 'dir' | 'say'>) {
    this.reader = new EvidenceReader(dir);
    this.#packs = openPacks(join(dir, 'data'));
    this.#say = (problem) => say(`${dir}: ${problem}`);
  }

  /** The files of every attempt of a cell. */
  async of(cell: Cell): Promise<PackedEvidence[]> {
    const found: PackedEvidence[] = [];
    for (const { number, attempt } of attemptsOf(cell)) {
      for (const evidence of attempt.evidence) {
        const { kind, peer, path, sha256, bytes } = evidence;
        found.push({ kind, peer, path, sha256, bytes, ...(await this.#placeOf(evidence)), attempt: number });
      }
    }
    return found;
  }

  /**
   * Copies offers and answers of another run, so that the page has them.
   * @param reader of the folder of that run
   */
  async descriptionsOf({ evidence }: Cell, reader: EvidenceReader): Promise<PackedEvidence[]> {
    const copied: PackedEvidence[] = [];
    for (const each of evidence) {
      if (each.kind !== 'offer' && each.kind !== 'answer') continue;
      const { kind, peer, path, sha256, bytes } = each;
      copied.push({ kind, peer, path, sha256, bytes, ...(await this.#copyOf(each, reader)), attempt: 1 });
    }
    return copied;
  }

  close(): Promise<void> {
    return this.#packs.close();
  }

  async #placeOf(evidence: Evidence): Promise<Place> {
    if (evidence.pack !== undefined) {
      const { problems, hashes } = await this.reader.contents(evidence.pack);
      for (const problem of problems) this.#say(problem);
      if (!hashes.has(evidence.sha256)) return { pack: null, problem: 'missing' };
      if (problems.length === 0) return { pack: packOf('evidence', evidence.pack), problem: null };
    }
    return this.#copyOf(evidence, this.reader);
  }

  async #copyOf(evidence: Evidence, reader: EvidenceReader): Promise<Place> {
    const found = await reader.find(evidence);
    if (found.state === 'refused') this.#say(found.problem);
    if (found.state !== 'whole') return { pack: null, problem: found.state };
    const isPicture = evidence.kind === 'screenshot' || evidence.kind === 'frame';
    const alike = isPicture ? null : evidence.kind;
    const [stored] = await this.#packs.store([{ content: found.content, alike }]);
    return stored === undefined
      ? { pack: null, problem: 'missing' }
      : { pack: packOf('data', stored.pack), problem: null };
  }
}
