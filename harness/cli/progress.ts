import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import { renderUnicodeCompact } from 'uqr';
import { messageOf } from '../errors.ts';
import { pairName } from '../results/pair-name.ts';
import type { PlannedCell } from '../matrix/plan.ts';
import { plain } from '../plain.ts';
import type { Expectations } from '../results/expectations.ts';
import type { Cell, Status } from '../results/schema.ts';
import { isUnexpected } from '../results/totals.ts';
import type { RunEvents } from '../run/options.ts';

/** How each status looks on a terminal; the word is always there too. */
const looks = {
  pass: pc.green,
  fail: pc.red,
  timeout: pc.red,
  crash: pc.red,
  error: pc.magenta,
  unsupported: pc.yellow,
  skipped: pc.dim,
  notrun: pc.dim,
} as const satisfies Record<Status, (text: string) => string>;

const seconds = (ms: number): string =>
  ms < 1000 ? `${String(Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;

/** A guess needs no decimals. */
const aboutSeconds = (ms: number): string => {
  const whole = Math.ceil(ms / 1000);
  return whole < 60 ? `${String(whole)} s` : `${String(Math.floor(whole / 60))} min ${String(whole % 60)} s`;
};

/** One line about a finished cell, and one about the cause if a reader has to know it. */
function lineOf(cell: Cell, expectations: Expectations, withCause: boolean): string {
  const status = looks[cell.status](cell.status.padEnd(11));
  const flaky = cell.flaky ? pc.yellow(' flaky') : '';
  const known = expectations.of(cell) ? pc.dim(' known') : '';
  const at = cell.phase === null ? '' : `${cell.phase}: `;
  const cause = withCause && cell.reason ? `\n            ${at}${plain(cell.reason.message)}` : '';
  const others = cell.standsFor === undefined ? '' : pc.dim(` and others, ${cell.standsFor.length} in all`);
  return `${status} ${plain(cell.scenario)}${others}  ${plain(pairName(cell))}  ${pc.dim(seconds(cell.durationMs))}${flaky}${known}${cause}`;
}

/** How often progress is written to a log that is not a terminal. */
const pulseMs = 60_000;

/** Where progress is shown: a terminal, or a file or pipe. */
export type ProgressStream = NodeJS.WritableStream & { isTTY?: boolean; columns?: number };

/**
 * What a person sees during a run: what runs now, done of planned, time left; without a terminal, a line for each failure
 * and one a minute.
 */
export function showProgress(
  planned: number,
  expectations: Expectations,
  stream: ProgressStream = process.stdout,
  live = stream.isTTY === true && process.env['CI'] === undefined,
): RunEvents & { end(): void } {
  const update = createLogUpdate(stream);
  const running = new Set<string>();
  /** Why cells were not run, each reason once: a browser that will not start gives the same one for hundreds of cells. */
  const said = new Set<string>();
  /** Cells that were recorded together, by their scenarios: one line stands for all of them. */
  const saidOf = new Set<readonly string[]>();
  let done = 0;
  /** The number of cells that took time: those that were recorded with others take none. */
  let ran = 0;
  let unexpected = 0;
  let began: number | undefined;

  /** `120 of 3463 cells, 1 unexpected, about 9 min left`. */
  const standing = (): string => {
    const each = began === undefined || ran === 0 ? undefined : (performance.now() - began) / ran;
    const left = each === undefined ? '' : `, about ${aboutSeconds(each * (planned - done))} left`;
    const bad = unexpected === 0 ? '' : pc.red(`, ${String(unexpected)} unexpected`);
    return `${String(done)} of ${String(planned)} cells${bad}${left}`;
  };
  const write = (line: string): void => {
    if (live) update.clear();
    stream.write(`${line}\n`);
    draw();
  };
  const draw = (): void => {
    if (!live) return;
    const width = stream.columns ?? 80;
    const now = began === undefined ? ['the browsers start'] : running;
    const lines = [...now].map((name) => pc.dim(`  ▸ ${name}`.slice(0, width - 1)));
    update([...lines, standing()].join('\n'));
  };
  const nameOf = (cell: PlannedCell): string => `${plain(cell.scenario)}  ${plain(pairName(cell))}`;

  /** Whether a cell is worth a line of its own; the matrix at the end shows the rest. */
  function isSaid({ status, reason, standsFor }: Cell, red: boolean): boolean {
    if (reason?.code === 'interrupted') return false;
    if (standsFor !== undefined && saidOf.has(standsFor)) return false;
    return red || (status === 'notrun' && !said.has(reason?.message ?? ''));
  }

  draw();
  // Without a terminal, this shows a reader of the log that the run goes on.
  const pulse = live ? undefined : setInterval(() => stream.write(`${standing()}\n`), pulseMs);
  pulse?.unref();
  return {
    browserStarted(id, { details: { engine, product, version, driver } }, afterMs) {
      expectations.learn({ id, version, engine });
      const mark = engine === 'library' ? ' (library)' : '';
      const name = plain(`${id}: ${product} ${version}${mark} under ${driver.name} ${driver.version}`);
      write(`${name}, ready after ${seconds(afterMs)}`);
    },
    deviceWanted({ id, url, again }) {
      const isFar = !['127.0.0.1', 'localhost'].includes(new URL(url).hostname);
      const lines = [
        `${pc.bold(plain(id))} ${again ? 'has gone. Open this on it to go on' : 'takes part as soon as it opens'}: ${url}`,
        ...(isFar
          ? [renderUnicodeCompact(url)]
          : [
              '(an address of this machine alone; `signaling: { host }` of the configuration opens it to others)',
            ]),
      ];
      write(lines.join('\n'));
    },
    browserFailed(id, error) {
      said.add(messageOf(error));
      write(messageOf(error).split('\n').map(plain).join('\n').replace(id, pc.red(id)));
    },
    cellStarted(cell) {
      began ??= performance.now();
      running.add(nameOf(cell));
      draw();
    },
    cellFinished(cell) {
      running.delete(nameOf(cell));
      done += 1;
      if (cell.standsFor === undefined) ran += 1;
      const red = isUnexpected(cell, expectations);
      if (red) unexpected += 1;
      const message = cell.reason?.message ?? '';
      const withCause = red || (cell.status === 'notrun' && !said.has(message));
      if (isSaid(cell, red)) {
        write(lineOf(cell, expectations, withCause));
        if (cell.standsFor !== undefined) saidOf.add(cell.standsFor);
      } else draw();
      if (cell.status === 'notrun') said.add(message);
    },
    cellInDoubt(cell) {
      running.delete(nameOf(cell));
      if (live) draw();
      else
        write(`${lineOf(cell, expectations, true)}\n            the machine was busy: it runs again, alone`);
    },
    problem({ message }) {
      write(pc.red(message.split('\n').map(plain).join('\n')));
    },
    end() {
      clearInterval(pulse);
      if (live) update.clear();
    },
  };
}
