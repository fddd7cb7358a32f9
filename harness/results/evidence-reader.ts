import { linesOf } from './lines.ts';
import { dictionaryOf, filesIn, parsePackLine, sha256Of, type PackLine } from './pack-line.ts';
import { packName } from './pack-writer.ts';
import { openRunFile, readHead, RunFileError } from './run-file.ts';
import type { Evidence } from './schema.ts';

/** A piece of evidence as it is found now. */
export type FoundEvidence =
  | {
      /** `changed`: it is not, byte for byte, what the run wrote. */
      state: 'whole' | 'changed';
      content: Buffer;
    }
  | { state: 'missing' }
  | {
      /** It is not a file of this run, or it is too large to read. */
      state: 'refused';
      /** Why, in one sentence. */
      problem: string;
    };

/** A line of a pack, with its number, from 0. */
export interface NumberedLine extends PackLine {
  number: number;
}

/** The content of a pack. */
export interface Pack {
  /** The lines that have the form of a pack's lines. */
  lines: NumberedLine[];
  /** What is wrong with it, in one sentence each: lines that were left out, or why nothing of it was read. */
  problems: string[];
  /** Which line holds a file, by the file's hash. */
  places: ReadonlyMap<string, number>;
}

/** Which files a pack has. */
export interface PackContents {
  hashes: ReadonlySet<string>;
  /** As in `Pack`. */
  problems: string[];
}

/** A pack takes no more lines once it has 1 MiB: one that is far larger was not written by a run. */
const mostBytes = 256 * 1024 * 1024;

/** How many packs are kept in memory: successively stored cells are in the same one, and what many share is in one. */
const packsKept = 4;

/** Reads the evidence of a run from its folder, which anybody may have made: see `openRunFile`. */
export class EvidenceReader {
  readonly #dir: string;
  readonly #packs = new Map<number, Promise<Pack>>();
  readonly #contents = new Map<number, Promise<PackContents>>();

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Finds a piece, and checks it against its hash. */
  async find(evidence: Evidence): Promise<FoundEvidence> {
    return evidence.pack === undefined
      ? this.#findFile(evidence)
      : this.#findIn(await this.pack(evidence.pack), evidence);
  }

  /** Reads a pack, line by line. A pack that does not exist has no lines, and no problems either. */
  pack(number: number): Promise<Pack> {
    return lately(this.#packs, number, async () => {
      const lines: NumberedLine[] = [];
      const places = new Map<string, number>();
      const problems = await this.#read(number, (line) => {
        for (const { sha256 } of line.files) if (!places.has(sha256)) places.set(sha256, lines.length);
        lines.push({ ...line, encoded: Buffer.from(line.encoded) });
      });
      return { lines, problems, places };
    });
  }

  /** Reads which files a pack has, without keeping any of them. */
  contents(number: number): Promise<PackContents> {
    return lately(this.#contents, number, async () => {
      const hashes = new Set<string>();
      const problems = await this.#read(number, ({ files }) => {
        for (const { sha256 } of files) hashes.add(sha256);
      });
      return { hashes, problems };
    });
  }

  /** @param take gets each line, whose content is valid until it returns. @returns what is wrong, in one sentence each */
  async #read(number: number, take: (line: NumberedLine) => void): Promise<string[]> {
    const path = `evidence/${packName(number)}`;
    const problems: string[] = [];
    try {
      const { handle, size } = await openRunFile(this.#dir, path);
      try {
        if (size > mostBytes)
          return [`${path} is not read: it has ${size} bytes, and ${mostBytes} are the most.`];
        let at = 0;
        for await (const { bytes, isWhole } of linesOf(handle)) {
          at += 1;
          const line = isWhole ? parsePackLine(bytes) : null;
          if (line !== null) take({ ...line, number: at - 1 });
          else
            problems.push(
              isWhole
                ? `${path}, line ${at}, is left out: it is no line of a pack.`
                : `${path} ends in half a line, so the run was killed as it wrote it: it is left out.`,
            );
        }
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (!(error instanceof RunFileError)) throw error;
      if (error.code !== 'file-missing') problems.push(error.message);
    }
    return problems;
  }

  async #findIn(pack: Pack, { sha256 }: Evidence): Promise<FoundEvidence> {
    const line = pack.lines[pack.places.get(sha256) ?? -1];
    if (line === undefined) return { state: 'missing' };
    const files = await filesOf(pack, line);
    const content = files?.[line.files.findIndex((file) => file.sha256 === sha256)];
    if (content === undefined)
      return {
        state: 'refused',
        problem: `The content of ${sha256} is not read: it is not of the length that it says.`,
      };
    return { state: sha256Of(content) === sha256 ? 'whole' : 'changed', content };
  }

  async #findFile({ path, bytes, sha256 }: Evidence): Promise<FoundEvidence> {
    try {
      const { handle, size } = await openRunFile(this.#dir, path);
      try {
        if (size > mostBytes)
          return {
            state: 'refused',
            problem: `${path} is not read: it has ${size} bytes, and ${mostBytes} are the most.`,
          };
        const content = await readHead(handle, size);
        const isSame = content.length === bytes && sha256Of(content) === sha256;
        return { state: isSame ? 'whole' : 'changed', content };
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (!(error instanceof RunFileError)) throw error;
      return error.code === 'file-missing'
        ? { state: 'missing' }
        : { state: 'refused', problem: error.message };
    }
  }
}

/**
 * The contents of the files of a line, in its order; null if they do not have the lengths that it states, or if the line
 * that it is compressed with is missing or needs another one itself.
 */
export async function filesOf({ lines }: Pick<Pack, 'lines'>, line: PackLine): Promise<Buffer[] | null> {
  if (line.base === null) return filesIn(line);
  const base = lines.find(({ number }) => number === line.base);
  const files = base === undefined ? null : await filesIn(base);
  return files === null ? null : filesIn(line, dictionaryOf(files));
}

/** Returns the value of a number if it was asked for recently, else makes it; the one asked for longest ago is dropped. */
function lately<T>(known: Map<number, Promise<T>>, number: number, make: () => Promise<T>): Promise<T> {
  const value = known.get(number) ?? make();
  known.delete(number);
  known.set(number, value);
  const [oldest] = known.keys();
  if (known.size > packsKept && oldest !== undefined) known.delete(oldest);
  return value;
}
