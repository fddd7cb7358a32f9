import type {
  CellChunk,
  CellDetail,
  ChunkEncoding,
  MeasuredChunk,
  PackedEvidence,
  PackEncoding,
  ReportClaims,
  ReportIndex,
  ReportInventory,
  TakeChunk,
  TakeEvidence,
} from '../data.ts';
import { inflate, longestDictionary } from './inflate.ts';

declare global {
  var webrtcInterop: TakeChunk;
  var evidence: TakeEvidence;
}

/** Something of the report that cannot be loaded; its message is for the reader. */
export class LoadError extends Error {
  override name = 'LoadError';
}

/** A file of evidence as the page has it now. */
export interface LoadedFile {
  bytes: Uint8Array<ArrayBuffer>;
  /** Whether its hash is the one that was noted; null where the page may not compute hashes. */
  whole: boolean | null;
}

interface Line {
  encoding: PackEncoding;
  files: { sha256: string; bytes: number }[];
  base64: string;
}

/** How many packs are kept, so that a reader who goes from cell to cell loads each only once. */
const packsKept = 4;

const chunks = new Map<string, Promise<unknown>>();
const taken = new Map<string, Promise<unknown>>();
const packs = new Map<string, Promise<Line[]>>();
/** The lines of the pack that is running: scripts run one after another. */
let lines: Line[] = [];

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** @throws {LoadError} if it comes to more than `most` bytes */
async function inflated(...what: Parameters<typeof inflate>): Promise<Uint8Array<ArrayBuffer>> {
  const content = await inflate(...what);
  if (content !== null) return content;
  throw new LoadError(`A file is longer than the ${String(what[1])} bytes that its pack says.`);
}

/** Longer than any chunk, in bytes. */
const longestChunk = 256 * 1024 * 1024;

async function parsed(encoding: ChunkEncoding, text: string): Promise<unknown> {
  return JSON.parse(
    encoding === 'json' ? text : new TextDecoder().decode(await inflated(bytesOf(text), longestChunk)),
  );
}

/**
 * Defines the globals that the files of data call. The index comes with the page and calls `ready`.
 * @param indexName the chunk that is the index
 * @param ready gets the index, which is in the page by then
 */
export function takeData(indexName: string, ready: (index: unknown) => void): void {
  globalThis.webrtcInterop = (name, encoding, text) => {
    if (name === indexName) ready(JSON.parse(text));
    else taken.set(name, parsed(encoding, text));
  };
  globalThis.evidence = (encoding, files, base64) => {
    lines.push({
      encoding,
      files: files.split(' ').map((each) => {
        const [sha256 = '', bytes = '0'] = each.split(':');
        return { sha256, bytes: Number(bytes) };
      }),
      base64,
    });
  };
}

/** Runs a script of this report, by its address relative to the page. */
async function run(path: string): Promise<void> {
  const script = document.createElement('script');
  script.src = path;
  try {
    await new Promise<void>((resolve, reject) => {
      script.addEventListener('load', () => resolve(), { once: true });
      script.addEventListener(
        'error',
        () => reject(new LoadError(`${path} cannot be loaded: it is missing, or not readable.`)),
        {
          once: true,
        },
      );
      document.head.append(script);
    });
  } finally {
    script.remove();
  }
}

/** A library that only some views need, loaded when the first of them is shown. */
export const loadScript = run;

/** The data of a chunk, loaded once. @throws {LoadError} */
export async function loadChunk<T>(name: string, is: (data: unknown) => data is T): Promise<T> {
  const loading =
    chunks.get(name) ??
    run(`data/${name.replace('/', '-')}.js`)
      .then(() => taken.get(name))
      .finally(() => taken.delete(name));
  chunks.set(name, loading);
  const data = await loading;
  if (!is(data))
    throw new LoadError(
      `The chunk ${name} holds something else: it was changed after the page was written. Write the page again.`,
    );
  return data;
}

const has = (data: unknown, ...names: string[]): boolean =>
  typeof data === 'object' && data !== null && names.every((name) => name in data);
export const isIndex = (data: unknown): data is ReportIndex =>
  has(data, 'run', 'verdict', 'browsers', 'pairs', 'scenarios', 'causes', 'cells', 'measured');
const isCellChunk = (data: unknown): data is CellChunk => has(data, 'first', 'cells');
const isMeasuredChunk = (data: unknown): data is MeasuredChunk => has(data, 'values');
const isClaims = (data: unknown): data is ReportClaims[] => Array.isArray(data);
const isInventories = (data: unknown): data is ReportInventory[] => Array.isArray(data);

/** One cell in full. */
export async function loadCell({ cells }: ReportIndex, cell: number): Promise<CellDetail> {
  const at = cells.chunks.findLastIndex((first) => first <= cell);
  const { first, cells: details } = await loadChunk(`cells/${String(at)}`, isCellChunk);
  const detail = details[cell - first];
  if (detail === undefined)
    throw new LoadError(`The chunk cells/${String(at)} does not hold cell ${String(cell)}.`);
  return detail;
}

export const loadMeasured = (at: number): Promise<MeasuredChunk> =>
  loadChunk(`measured/${String(at)}`, isMeasuredChunk);
export const loadInventories = (): Promise<ReportInventory[]> => loadChunk('inventories', isInventories);
export const loadClaims = (): Promise<ReportClaims[]> => loadChunk('claims', isClaims);

async function linesOf(pack: string): Promise<Line[]> {
  const loading =
    packs.get(pack) ??
    run(`${pack}.js`).then(() => {
      const found = lines;
      lines = [];
      return found;
    });
  packs.delete(pack);
  packs.set(pack, loading);
  for (const old of [...packs.keys()].slice(0, -packsKept)) packs.delete(old);
  return loading;
}

const hex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** The content that a line stands for. */
async function contentOf(
  { encoding, files, base64 }: Line,
  dictionary?: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const sum = files.reduce((bytes, each) => bytes + each.bytes, 0);
  return encoding === 'identity' ? bytesOf(base64) : inflated(bytesOf(base64), sum, dictionary);
}

/** What a line was compressed with; undefined if it stands alone. */
async function dictionaryOf(
  { encoding }: Line,
  all: readonly Line[],
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const number = encoding.split(':')[1];
  if (number === undefined) return undefined;
  const base = all[Number(number)];
  if (base === undefined || base.encoding.includes(':'))
    throw new LoadError(`A file is compressed with line ${number} of its pack, which is none that can be.`);
  return (await contentOf(base)).slice(-longestDictionary);
}

/** A file of evidence from its pack, checked against its hash. */
export async function loadEvidence({ pack, sha256, path }: PackedEvidence): Promise<LoadedFile> {
  if (pack === null) throw new LoadError(`${path} is not in this report.`);
  const all = await linesOf(pack);
  for (const line of all) {
    const { files } = line;
    const at = files.findIndex((file) => file.sha256 === sha256);
    const file = files[at];
    if (file === undefined) continue;
    const content = await contentOf(line, await dictionaryOf(line, all));
    const start = files.slice(0, at).reduce((bytes, each) => bytes + each.bytes, 0);
    const bytes = content.slice(start, start + file.bytes);
    const { subtle } = globalThis.crypto;
    // Plain http has no subtle crypto, whatever the types say.
    const whole = isSecureContext
      ? hex(new Uint8Array(await subtle.digest('SHA-256', bytes))) === sha256
      : null;
    return { bytes, whole };
  }
  throw new LoadError(`${path} is not in its pack ${pack}.js.`);
}
