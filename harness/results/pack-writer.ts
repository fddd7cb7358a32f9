import { lstat, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError, IncompleteError } from '../errors.ts';
import { openAppendLog, type AppendLog } from './append-log.ts';
import { dictionaryOf, packLineOf, sha256Of, type PackedFile } from './pack-line.ts';
import { hasCode, notWritable, writing } from './write-error.ts';

/** A file to be stored. */
export interface NewFile {
  content: string | Uint8Array;
  /**
   * The caller's name for files that are alike: files with one name are compressed as one, with the first ones of that
   * name in the pack. Null for what compression does not make smaller, such as a picture.
   */
  alike: string | null;
}

/** A file that is stored, and the number of the pack that it is in. */
export interface StoredFile {
  sha256: string;
  bytes: number;
  pack: number;
}

/** Stores files of evidence, each content once. */
export interface PackWriter {
  /**
   * Stores files that belong together, which are compressed as one. They are in the file system when it resolves, so
   * that a killed process loses none of them.
   * @throws {IncompleteError} `results-not-writable`, `results-gone`
   */
  store(files: readonly NewFile[]): Promise<StoredFile[]>;
  /** Waits for what is under way and closes the pack. */
  close(): Promise<void>;
  /**
   * Checks that the packs are still where they were written.
   * @throws {IncompleteError} `results-gone`
   */
  checkThere(): Promise<void>;
}

/** Anything shorter is not used as a dictionary: it would take the place of longer ones to come. In bytes. */
const leastDictionary = 4096;

/** A pack that has this many bytes takes no more lines: few files, and little to load for one cell. */
const packBytes = 1024 * 1024;

/** The largest number of files in a line. */
const filesInLine = 1000;

/** How many of the latest stored contents are remembered: what many cells share comes again and again. */
const remembered = 20_000;

type FreshFile = PackedFile & { content: Uint8Array };

/** The pack that takes lines. */
interface OpenPack {
  number: number;
  log: AppendLog;
  /** How many lines it has. */
  lines: number;
  /** What other lines are compressed with, and the number of its line, by the name of what is alike. */
  bases: Map<string, { line: number; dictionary: Buffer }>;
}

/** The name of a pack, e.g. `pack-0001.js`. */
export const packName = (number: number): string => `pack-${String(number).padStart(4, '0')}.js`;

/** The number in the name of a pack; undefined if it is not the name of one. */
export function packNumber(name: string): number | undefined {
  const number = Number(/^pack-(?<number>\d{4,7})\.js$/.exec(name)?.groups?.['number'] ?? Number.NaN);
  return number > 0 && packName(number) === name ? number : undefined;
}

/** The numbers of the packs in a folder, in ascending order. */
export async function packsIn(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return [];
    throw notWritable(folder, error);
  });
  return names.flatMap((name) => packNumber(name) ?? []).toSorted((one, other) => one - other);
}

/**
 * Writes packs into a folder, which is made with the first one. Existing packs are left alone: a last line that a
 * killed process left half written stays the last.
 */
export function openPacks(folder: string): PackWriter {
  const known = new Map<string, Promise<number>>();
  const written: number[] = [];
  let open: OpenPack | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function next(): Promise<OpenPack> {
    await writing(folder, async () => {
      await mkdir(folder, { recursive: true });
      if (!(await lstat(folder)).isDirectory()) throw new Error('it is a link, and would lead elsewhere');
    });
    const number = ((await packsIn(folder)).at(-1) ?? 0) + 1;
    const log = await openAppendLog(join(folder, packName(number)), {
      holds: 'files of evidence',
      isNew: true,
      isFlushed: false,
    });
    written.push(number);
    return { number, log, lines: 0, bases: new Map() };
  }

  /** @returns the number of the pack that has them */
  async function append(alike: string | null, files: readonly FreshFile[]): Promise<number> {
    open ??= await next();
    const { number, log, lines, bases } = open;
    const base = alike === null ? undefined : bases.get(alike);
    const encoding = base === undefined ? 'deflate-raw' : (`deflate-raw:${base.line}` as const);
    await log.append(await packLineOf(alike === null ? 'identity' : encoding, files, base?.dictionary));
    open.lines += 1;
    if (alike !== null && base === undefined) {
      const dictionary = dictionaryOf(files.map(({ content }) => content));
      if (dictionary.length >= leastDictionary) bases.set(alike, { line: lines, dictionary });
    }
    if (log.length >= packBytes) {
      open = undefined;
      await log.close();
    }
    return number;
  }

  /** Storing a known content may need no new line, so the loss of its pack would otherwise never be noticed. */
  async function checkThere(): Promise<void> {
    await open?.log.checkPlace();
    // those written so far: another one may begin while the folder is read
    const due = [...written];
    const there = new Set(await packsIn(folder));
    const gone = due.filter((number) => !there.has(number));
    if (gone.length === 0) return;
    const names = gone.map(packName).join(', ');
    throw new IncompleteError(
      'results-gone',
      `${names} of ${folder} went away while the run went on, with the evidence that is in it. Run it again, and leave its folder alone.`,
    );
  }

  /** Lines are written one after another: each may be compressed with an earlier one. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined); // its caller gets the error; the next in line goes ahead
    return turn;
  }

  /** Remembers a content as the latest; the oldest one is forgotten, and would be stored a second time. */
  function remember(sha256: string, pack: Promise<number>): Promise<number> {
    known.delete(sha256);
    known.set(sha256, pack);
    const [oldest] = known.keys();
    if (known.size > remembered && oldest !== undefined) known.delete(oldest);
    return pack;
  }

  return {
    async store(files) {
      const all = files.map(({ content, alike }): FreshFile & Pick<NewFile, 'alike'> => {
        const bytes = typeof content === 'string' ? Buffer.from(content) : content;
        return { content: bytes, alike, sha256: sha256Of(bytes), bytes: bytes.length };
      });
      if (all.length > 0 && all.every(({ sha256 }) => known.has(sha256))) await checkThere();
      const packs = new Map<string, Promise<number>>();
      for (const { sha256 } of all) {
        const pack = known.get(sha256);
        if (pack !== undefined) packs.set(sha256, remember(sha256, pack));
      }
      for (const name of new Set(all.map(({ alike }) => alike))) {
        const fresh = new Map(
          all
            .filter(({ alike, sha256 }) => alike === name && !packs.has(sha256))
            .map((file) => [file.sha256, file]),
        );
        for (let from = 0; from < fresh.size; from += filesInLine) {
          const inLine = [...fresh.values()].slice(from, from + filesInLine);
          const pack = inTurn(() => append(name, inLine));
          for (const { sha256 } of inLine) packs.set(sha256, remember(sha256, pack));
        }
      }
      return Promise.all(
        all.map(async ({ sha256, bytes }) => {
          const pack = await packs.get(sha256);
          if (pack === undefined) throw new HarnessError('not-stored', `${sha256} was not stored`);
          return { sha256, bytes, pack };
        }),
      );
    },
    close: () =>
      inTurn(async () => {
        await open?.log.close();
        open = undefined;
      }),
    checkThere,
  };
}
