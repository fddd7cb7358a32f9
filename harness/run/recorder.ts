import { AsyncLocalStorage } from 'node:async_hooks';
import * as chai from 'chai';
import { HarnessError } from '../errors.ts';
import type { ClaimMade } from '../matrix/scenario.ts';
import type { Check, Measurement } from '../results/schema.ts';

/** What a scenario's body leaves behind: every assertion it made, held or not, its measurements and pictures. */
export class Recorder {
  readonly checks: Check[] = [];
  readonly measurements: Record<string, Measurement> = {};
  readonly frames: { name: string; png: Buffer }[] = [];
  readonly traces: { name: string; json: string }[] = [];
  #sealed: ((broken: Check) => void) | undefined;

  /** Keeps a check; one that is made after the cell has ended is not kept, but reported if it failed. */
  keep(check: Check): void {
    if (!this.#sealed) this.checks.push(check);
    else if (!check.ok) this.#sealed(check);
  }

  /** The cell has ended: nothing more is kept. */
  seal(onBroken: (check: Check) => void): void {
    this.#sealed = onBroken;
  }

  /** Keeps the check of what a side says; see `Tools.claim`. */
  claim({ peer, dictionary, member, of, unit = '1', optional = false, paced, ...said }: ClaimMade): void {
    const { actual, expected } = said;
    const verdict = actual === undefined ? 'absent' : isAsExpected(said) ? 'right' : 'wrong';
    this.keep({
      name: `${dictionary}.${member} at the ${peer}${of === undefined ? '' : `, of ${of}`}`,
      ok: verdict === 'right' || (verdict === 'absent' && optional),
      expected: toJson(expected),
      actual: toJson(actual),
      ...(paced === true ? { paced } : {}),
      claim: { peer, dictionary, member, verdict, unit },
    });
  }

  measure(name: string, value: number, unit: string): void {
    if (!Number.isFinite(value)) {
      throw new HarnessError('bad-measurement', `the measurement ${name} is ${String(value)}, not a number`);
    }
    this.measurements[name] = { value, unit };
  }

  frame(name: string, pngDataUrl: string): void {
    const prefix = 'data:image/png;base64,';
    if (!pngDataUrl.startsWith(prefix))
      throw new HarnessError('bad-frame', `the frame ${name} is no PNG data URL`);
    this.frames.push({ name, png: Buffer.from(pngDataUrl.slice(prefix.length), 'base64') });
  }

  trace(name: string, content: unknown): void {
    this.traces.push({ name, json: `${JSON.stringify(content, null, 1)}\n` });
  }
}

function isAsExpected({
  actual,
  expected,
  holds,
}: Pick<ClaimMade, 'actual' | 'expected' | 'holds'>): boolean {
  if (holds !== undefined) return holds;
  if (typeof expected !== 'object') return actual === expected;
  const { least = -Infinity, most = Infinity } = expected;
  return typeof actual === 'number' && actual >= least && actual <= most;
}

const present = new AsyncLocalStorage<Recorder>();

/** Runs a body so that a recorder keeps the assertions it makes, however deep; cells that run side by side do not mix. */
export const recordInto = <T>(recorder: Recorder, body: () => Promise<T>): Promise<T> =>
  present.run(recorder, body);

/** Long values do not belong in a table; a scenario that needs all of one keeps it as evidence. */
const longest = 2000;

/** A value as JSON can carry it, with what JSON would lose written out. */
export function toJson(value: unknown): unknown {
  const text = JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'number' && !Number.isFinite(inner)) return String(inner);
    if (typeof inner === 'bigint' || typeof inner === 'symbol' || typeof inner === 'function')
      return String(inner);
    if (inner instanceof RegExp) return String(inner);
    if (inner instanceof Map || inner instanceof Set) return [...inner];
    return inner;
  }) as string | undefined;
  if (text === undefined) return 'undefined';
  if (text.length > longest) return `${text.slice(0, longest)}… (${String(text.length)} characters)`;
  return JSON.parse(text);
}

/**
 * A chai plugin that keeps every assertion made while a scenario runs, those that hold too: a reader of the matrix
 * sees what was checked, and a scenario that checked nothing cannot pass.
 * The message of `expect(actual, 'message')` is the check's name, and the flag `paced` makes it a bound of pace, which a
 * slow machine misses whatever the browser does.
 */
const keepChecks: Chai.ChaiPlugin = (_chai, utils) => {
  const keep = (assertion: Chai.Assertion, args: Chai.AssertionArgs) => {
    const recorder = present.getStore();
    if (!recorder) return;
    const [, template, negatedTemplate, expected] = args;
    const negate: unknown = utils.flag(assertion, 'negate');
    const text = negate === true ? negatedTemplate : template;
    const words = typeof text === 'function' ? text() : (text ?? '');
    const phrase = phraseOf(words, expected);
    const name: unknown = utils.flag(assertion, 'message');
    if ([utils.flag(assertion, 'object'), expected].some(holdsPromise)) {
      throw new HarnessError(
        'promise-asserted',
        `"${typeof name === 'string' ? name : phrase}" was asked of a promise, which proves nothing: await it first`,
      );
    }
    const exact = /^expected #\{this\} to (?:deeply )?equal #\{exp\}$/.test(words);
    const paced: unknown = utils.flag(assertion, 'paced');
    recorder.keep({
      name: typeof name === 'string' && name !== '' ? name : phrase,
      // `match` passes on what its expression found, whatever the types say
      // oxlint-disable-next-line typescript/no-unnecessary-type-conversion
      ok: Boolean(utils.test(assertion, args)),
      expected: exact ? toJson(expected) : phrase,
      actual: toJson(utils.getActual(assertion, args)),
      ...(paced === true ? { paced } : {}),
    });
  };
  utils.overwriteMethod(
    chai.Assertion.prototype,
    'assert',
    (original: (...args: unknown[]) => void) =>
      function (this: Chai.Assertion, ...args: unknown[]) {
        // chai calls `assert` with nothing else
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        keep(this, args as Chai.AssertionArgs);
        original.apply(this, args);
      },
  );
};

const isPromise = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, 'then') === 'function';

const holdsPromise = (value: unknown): boolean =>
  isPromise(value) || (Array.isArray(value) && value.some(isPromise));

/** "expected #{this} to be above #{exp}" and 10 make "be above 10". */
function phraseOf(template: string, expected: unknown): string {
  return template
    .replace(/^expected\s+/, '')
    .replace(/#\{this\}\s*/, '')
    .replace(/^to\s+/, '')
    .replaceAll('#{exp}', () =>
      typeof expected === 'string' ? `'${expected}'` : JSON.stringify(toJson(expected)),
    )
    .replace(/,? but (?:got|has) #\{act\}/, '')
    .replaceAll('#{act}', 'it')
    .trim();
}

chai.use(keepChecks);

export { chai };

/** chai's `expect`; each of its assertions is kept as a check of the cell that makes it. */
export const expect = chai.expect;

const refused = new WeakSet<object>([chai]);

/**
 * Turns every assertion of another copy of chai into an error of its cell: it would not be kept as a check, and a pass
 * based on it would prove less than it claims.
 * @param where the file that would load that copy
 */
export function refuseForeignChai(copy: typeof chai, where: string): void {
  if (refused.has(copy)) return;
  refused.add(copy);
  copy.use((_, utils) => {
    utils.overwriteMethod(
      copy.Assertion.prototype,
      'assert',
      (original: (...args: unknown[]) => void) =>
        function (this: Chai.Assertion, ...args: unknown[]) {
          if (present.getStore()) {
            throw new HarnessError(
              'foreign-assertion',
              `${where} asserts with another copy of chai, whose checks nobody keeps: import { expect } from 'webrtc-interop'`,
            );
          }
          original.apply(this, args);
        },
    );
  });
}
// At chai's default of 40 characters, a message ends before its point.
chai.config.truncateThreshold = 1000;
