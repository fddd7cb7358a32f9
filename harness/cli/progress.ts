import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import { messageOf } from '../errors.ts';
import type { PlannedCell } from '../matrix/plan.ts';
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

const pairOf = ({ offerer, answerer }: PlannedCell): string =>
  answerer === null ? offerer : `${offerer} → ${answerer}`;

const seconds = (ms: number): string =>
  ms < 1000 ? `${String(Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;

/** One line about a cell that has finished. */
function lineOf(cell: Cell, expectations: Expectations): string {
  const status = looks[cell.status](cell.status.padEnd(11));
  const flaky = cell.flaky ? pc.yellow(' flaky') : '';
  const known = expectations.of(cell) ? pc.dim(' known') : '';
  const cause =
    cell.reason && (isUnexpected(cell, expectations) || cell.status === 'notrun')
      ? `\n            ${cell.phase ?? ''}: ${cell.reason.message}`
      : '';
  return `${status} ${cell.scenario}  ${pairOf(cell)}  ${pc.dim(seconds(cell.durationMs))}${flaky}${known}${cause}`;
}

/** What a person sees while a run goes on: what runs now, done of planned, time left; plain lines where there is no terminal. */
export function showProgress(
  planned: number,
  expectations: Expectations,
  stream: NodeJS.WriteStream = process.stdout,
): RunEvents & { end(): void } {
  const live = stream.isTTY && process.env['CI'] === undefined;
  const update = createLogUpdate(stream);
  const running = new Set<string>();
  let done = 0;
  let unexpected = 0;
  let began: number | undefined;

  const write = (line: string): void => {
    if (live) update.clear();
    stream.write(`${line}\n`);
    draw();
  };
  const draw = (): void => {
    if (!live || began === undefined) return;
    const left =
      done === 0 ? '' : `, about ${seconds(((performance.now() - began) / done) * (planned - done))} left`;
    const bad = unexpected === 0 ? '' : pc.red(`, ${String(unexpected)} unexpected`);
    const width = stream.columns ?? 80;
    const lines = [...running].map((name) => pc.dim(`  ▸ ${name}`.slice(0, width - 1)));
    update([...lines, `${String(done)} of ${String(planned)} cells${bad}${left}`].join('\n'));
  };
  const nameOf = (cell: PlannedCell): string => `${cell.scenario}  ${pairOf(cell)}`;

  return {
    browserStarted(id, { details: { product, version, driver } }, afterMs) {
      write(
        `${id}: ${product} ${version} under ${driver.name} ${driver.version}, ready after ${seconds(afterMs)}`,
      );
    },
    browserFailed(id, error) {
      write(`${pc.red(id)}: ${messageOf(error)}`);
    },
    cellStarted(cell) {
      began ??= performance.now();
      running.add(nameOf(cell));
      draw();
    },
    cellFinished(cell) {
      running.delete(nameOf(cell));
      done += 1;
      const red = isUnexpected(cell, expectations);
      if (red) unexpected += 1;
      // On a terminal the matrix at the end tells of the rest.
      if (!live || red) write(lineOf(cell, expectations));
      else draw();
    },
    end() {
      if (live) update.clear();
    },
  };
}
