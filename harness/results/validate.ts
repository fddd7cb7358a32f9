import { z } from 'zod';
import { HarnessError, messageOf, UsageError } from '../errors.ts';
import { cellSchema, type Cell } from './schema.ts';

/** What a person calls the thing at this path, e.g. `cells[3] (codecs/video/vp8, chromium to firefox) status`. */
function placeOf(value: unknown, path: readonly PropertyKey[]): string {
  let place = '';
  let at: unknown = value;
  for (const step of path) {
    place += typeof step === 'number' ? `[${step}]` : `${place === '' ? '' : '.'}${String(step)}`;
    at = typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined;
    if (typeof step === 'number' && place.endsWith(`cells[${step}]`)) place += ` (${nameOf(at)})`;
  }
  return place === '' ? 'the whole' : place;
}

/** A cell as a person would name it, whatever it is. */
export function nameOf(cell: unknown): string {
  if (typeof cell !== 'object' || cell === null) return 'unnamed';
  const { scenario, offerer, answerer } = { scenario: '?', offerer: '?', answerer: null, ...cell };
  const [what, from, to] = [scenario, offerer, answerer].map((part: unknown) =>
    typeof part === 'string' ? part : '?',
  );
  return `${what}, ${from}${answerer === null ? '' : ` to ${to}`}`;
}

/** What is wrong with a value, at most five things, each with its place. */
function faultsOf(value: unknown, error: z.ZodError): string {
  const faults = error.issues.map((issue) => `${placeOf(value, issue.path)}: ${issue.message}`);
  return [...faults.slice(0, 5), ...(faults.length > 5 ? [`and ${faults.length - 5} more`] : [])].join('; ');
}

/** Deeper than any result: anything deeper overflows the stack of code that writes it out again. */
const deepest = 100;

/** Whether lists and objects are nested more deeply than those of results. */
function isTooDeep(value: unknown, left = deepest): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (left === 0) return true;
  if (Array.isArray(value)) return value.some((each) => isTooDeep(each, left - 1));
  // a list of the values of each object in a hundred thousand cells would have to be garbage-collected
  for (const key in value) if (isTooDeep(Reflect.get(value, key), left - 1)) return true;
  return false;
}

/** The JSON in a text, or undefined if there is none, or none that can be worked with. */
export function jsonIn(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isTooDeep(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** The JSON in a text. @throws {UsageError} `invalid-results` with the place. */
export function parseJson(text: string, place: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(
      'invalid-results',
      `${place} is not JSON: ${messageOf(error)}. Was it cut off or edited?`,
      { cause: error },
    );
  }
  if (!isTooDeep(value)) return value;
  throw new UsageError('invalid-results', `${place} is nested more than ${deepest} deep: it is no result.`);
}

/**
 * Checks a value that a file holds.
 * @param at its place, or a function that returns it, called only if something is wrong
 * @throws {UsageError} `invalid-results` with file, cell and field
 */
export function validate<T>(schema: z.ZodType<T>, value: unknown, at: string | (() => string)): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const place = typeof at === 'string' ? at : at();
  throw new UsageError(
    'invalid-results',
    `${place} does not follow the result format: ${faultsOf(value, parsed.error)}. ` +
      'Was it edited, or written by another version? `webrtc-interop schema` prints the format.',
    { cause: parsed.error },
  );
}

/** Checks a cell on its way to the disk. @throws {HarnessError} `invalid-cell`: the harness made one that contradicts itself */
export function validateCell(cell: Cell): Cell {
  const parsed = cellSchema.safeParse(cell);
  if (parsed.success) return parsed.data;
  throw new HarnessError(
    'invalid-cell',
    `The cell (${nameOf(cell)}) cannot be stored: ${faultsOf(cell, parsed.error)}. This is a mistake of the harness; please report it.`,
    { cause: parsed.error },
  );
}
