import { isIPv4, isIPv6 } from 'node:net';

/** What identifies the machine on which a run was made. */
export interface Machine {
  hostName: string;
  userName: string;
}

/** Names that thousands of machines share: hiding them would hide nothing and spoil texts that use them as words. */
const common = new Set([
  'localhost',
  'root',
  'runner',
  'user',
  'admin',
  'node',
  'ubuntu',
  'debian',
  'vagrant',
]);

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** A name as a word of its own; null if it identifies nothing. */
const wordOf = (name: string): RegExp | null =>
  name === '' || common.has(name.toLowerCase())
    ? null
    : new RegExp(`(?<![\\p{L}\\p{N}_])${escaped(name)}(?![\\p{L}\\p{N}_])`, 'giu');

/** Not behind a single slash, where four numbers are a version: `Chrome/156.0.0.0`. */
const ipv4 = /(?<![\w.-])(?<!(?<!\/)\/)\d{1,3}(?:\.\d{1,3}){3}(?![\w-]|\.\d)/g;
const ipv6 = /(?<![\w:.-])[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:.]*(?![\w:-])/gi;
/** A path of at least two steps from the root, of which the last one stays. */
const posixPath = /(?<![\w./~@)\]}*%-])(?:file:\/\/)?\/(?!\/)(?:[\w.@+~%-]+\/)+(?<last>[\w.@+~%-]*)/g;
const windowsPath =
  /(?<![\w])(?:file:\/\/\/)?[A-Za-z]:[\\/]+(?:[^\\/\s"'<>|:*?]+[\\/]+)+(?<last>[^\\/\s"'<>|:*?]*)/g;

const isOwn = (address: string): boolean =>
  address.startsWith('127.') || address === '0.0.0.0' || address === '::1' || address === '::';

/**
 * Removes from texts what tells which machine it was and whose: addresses that are not loopback, folders, the name of the
 * host and of the user. The same address gets the same name everywhere, so that a call can still be followed.
 */
export class Scrubber {
  readonly #words: readonly { word: RegExp; instead: string }[];
  readonly #addresses = new Map<string, string>();

  constructor({ hostName, userName }: Machine) {
    this.#words = [
      { word: wordOf(hostName), instead: 'host.invalid' },
      { word: wordOf(userName), instead: 'somebody' },
    ].flatMap(({ word, instead }) => (word === null ? [] : [{ word, instead }]));
  }

  text(text: string): string {
    const withoutPaths = text
      .replaceAll(posixPath, (...found) => `…/${lastOf(found)}`)
      .replaceAll(windowsPath, (...found) => `…/${lastOf(found)}`);
    const withoutAddresses = withoutPaths
      .replaceAll(ipv4, (address) => (isIPv4(address) ? this.#nameOf(address) : address))
      .replaceAll(ipv6, (address) => (isIPv6(address) ? this.#nameOf(address) : address));
    return this.#words.reduce((rest, { word, instead }) => rest.replaceAll(word, instead), withoutAddresses);
  }

  /** The same for every text in a value, including the names in it. */
  value<T>(value: T): T;
  value(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((each: unknown) => this.value(each));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]: [string, unknown]) => [this.text(name), this.value(each)]),
    );
  }

  #nameOf(address: string): string {
    if (isOwn(address)) return address;
    const known = this.#addresses.get(address) ?? `address-${this.#addresses.size + 1}.invalid`;
    this.#addresses.set(address, known);
    return known;
  }
}

/** The last step of a path, from what `replaceAll` passes for a match with named groups. */
function lastOf(found: readonly unknown[]): string {
  const groups = found.at(-1);
  const last: unknown = typeof groups === 'object' && groups !== null ? Reflect.get(groups, 'last') : '';
  return typeof last === 'string' ? last : '';
}
