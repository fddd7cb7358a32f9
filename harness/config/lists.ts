import { InvalidArgumentError } from 'commander';
import { UsageError } from '../errors.ts';
import type { Shard } from './shard.ts';
import { parseBrowserSpec, type BrowserSpec } from './browser-spec.ts';

/** `a,b, c` as a list; commas in braces, as in globs, do not separate. Empty parts are an error. */
export function commaList(text: string): string[] {
  const parts: string[] = [];
  let from = 0;
  let depth = 0;
  for (let at = 0; at <= text.length; at += 1) {
    const letter = text[at];
    if (letter === '{') depth += 1;
    if (letter === '}' && depth > 0) depth -= 1;
    if (letter !== undefined && (letter !== ',' || depth > 0)) continue;
    parts.push(text.slice(from, at).trim());
    from = at + 1;
  }
  if (parts.includes(''))
    throw new InvalidArgumentError('A comma stands before nothing, after nothing or twice.');
  return parts;
}

/** A whole number of at least `least`. */
export const wholeNumber =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`It has to be a whole number of at least ${String(least)}.`);
    }
    return value;
  };

/** A whole number of at least 1, or `auto`. */
export const jobs = (text: string): number | 'auto' => (text === 'auto' ? 'auto' : wholeNumber(1)(text));

/** `I/N`. */
export function shard(text: string): Shard {
  const [, index = 0, total = 0] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (index < 1 || index > total) {
    throw new InvalidArgumentError('Write I/N with I from 1 to N, e.g. 1/3.');
  }
  return { index, total };
}

/** @throws {UsageError} for one that cannot be read, or two with the same name */
export const browserSpecs = (texts: readonly string[]): readonly BrowserSpec[] =>
  uniqueBrowsers(texts.map(parseBrowserSpec));

/** Returns the same browsers. @throws {UsageError} `browser-named-twice` */
export function uniqueBrowsers(specs: readonly BrowserSpec[]): readonly BrowserSpec[] {
  const ids = specs.map(({ id }) => id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) {
    throw new UsageError(
      'browser-named-twice',
      `Two browsers are called "${twice}". Name one: other=${twice}:/path.`,
    );
  }
  return specs;
}
