import { createHash } from 'node:crypto';
import type { CellKey } from './cell-key.ts';

const reservedOnWindows = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
const longest = 80;

/** The first eight hexadecimal digits of the SHA-256 of a text. */
const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

/**
 * A text as one step of a path that every file system accepts. What is harmless stays as it is; anything else
 * (a separator, markup, a leading dot, `--`, which joins the two sides of a pair) is replaced and marked with
 * `~` and a hash of the original, so that two different texts never share a name.
 */
export function safeName(text: string): string {
  const harmless = text
    .replaceAll(/[^\w.@-]/g, '_')
    .replaceAll(/-{2,}/g, '-')
    .replace(/^[.-]+/, '_')
    .replace(/\.+$/, '_')
    .slice(0, longest);
  const same = harmless === text && text !== '' && !reservedOnWindows.test(text);
  return same ? text : `${(harmless || '_').replace(reservedOnWindows, '_$&')}~${shortHash(text)}`;
}

/** Endings that a viewer shows or saves without running anything in them: no HTML, no SVG. */
const inertEndings = ['txt', 'log', 'sdp', 'json', 'jsonl', 'png', 'jpg', 'webm', 'mp4', 'wav', 'zip', 'bin'];

/** Whether a file of this name can be opened in a viewer without anything in it being run. */
export const isInert = (path: string): boolean =>
  inertEndings.includes(/\.(?<ending>[a-z0-9]+)$/.exec(path)?.groups?.['ending'] ?? '');

/** A file name that keeps its ending if the ending is inert, and gets `.txt` if it is not. */
export function safeFileName(name: string): string {
  const dot = name.lastIndexOf('.');
  if (dot <= 0 || !isInert(name)) return `${safeName(name)}.txt`;
  return `${safeName(name.slice(0, dot))}${name.slice(dot)}`;
}

/** The folder of a cell's files, relative, with forward slashes: `area/group/name/offerer--answerer`. */
export const folderOf = ({ scenario, offerer, answerer }: CellKey): string =>
  [
    ...scenario.split('/').map(safeName),
    [offerer, ...(answerer === null ? [] : [answerer])].map(safeName).join('--'),
  ].join('/');
