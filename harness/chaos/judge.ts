import { isCanary } from '../matrix/plan.ts';
import type { Cell as WholeCell, Run } from '../results/schema.ts';
import { isAsDue, problemsOf } from '../results/totals.ts';

/** The part of a cell that is judged here. */
type Cell = Pick<
  WholeCell,
  'scenario' | 'offerer' | 'answerer' | 'status' | 'phase' | 'reason' | 'startedAt' | 'durationMs'
>;

/** One attack on a run. */
export interface Attack {
  /** Milliseconds since the epoch. */
  at: number;
  pid: number;
  browser: string;
  kind: string;
  signal: 'SIGKILL' | 'SIGSTOP';
  /** When a stopped process was continued, in milliseconds since the epoch; null for never. */
  continuedAt: number | null;
}

/** Allows for attacks in a cell's last moments, and for clocks read a little before or after. */
const slackMs = 1000;

/** Reasons of cells that come across a process stopped long before. */
const foundLate: readonly string[] = ['browser-hangs', 'helper-died'];

/** When a cell ran, with its attempts and pages: from and to, in milliseconds since the epoch. */
const spanOf = ({ startedAt, durationMs }: Cell): [number, number] => {
  const began = Date.parse(startedAt);
  return [began - slackMs, began + durationMs + slackMs];
};

/**
 * Whether an attack may have hit a cell. A stopped process may be noticed by a much later cell that needs it: that cell has
 * to name the process.
 */
function mayHit(attack: Attack, cell: Cell, timeoutMs: number): boolean {
  if (![cell.offerer, cell.answerer].includes(attack.browser)) return false;
  const named =
    foundLate.includes(cell.reason?.code ?? '') &&
    cell.reason?.message.includes(`(process ${String(attack.pid)})`) === true;
  if (named) return Date.parse(cell.startedAt) + cell.durationMs >= attack.at;
  const until = attack.signal === 'SIGKILL' ? attack.at : (attack.continuedAt ?? attack.at + timeoutMs);
  const [began, ended] = spanOf(cell);
  return began <= until && ended >= attack.at;
}

const isHelper = ({ kind }: Attack): boolean => kind === 'PulseAudio' || kind === 'Xvfb';

/** A helper that does not answer is replaced after 13 s, and the browser starts again with another. */
const helperReplacedMs = 20_000;

/** Whether a cell may be slow because of a process stopped for good before the cell ended, rather than a busy machine. */
function lasts(attack: Attack, cell: Cell): boolean {
  const { at, browser, signal, continuedAt } = attack;
  const [began, ended] = spanOf(cell);
  const until = isHelper(attack) ? at + helperReplacedMs : Infinity;
  const isStopped = signal === 'SIGSTOP' && continuedAt === null && at <= ended && began <= until;
  return isStopped && [cell.offerer, cell.answerer].includes(browser);
}

/** Everything that a run under attack did but must not do. */
export function violations(
  { run, cells }: { run: Pick<Run, 'plannedCells' | 'complete' | 'problems'>; cells: readonly Cell[] },
  attacks: readonly Attack[],
  { timeoutMs, exitCode }: { timeoutMs: number; exitCode: number | undefined },
): string[] {
  const wrong: string[] = [];
  if (cells.length !== run.plannedCells)
    wrong.push(`${String(cells.length)} of ${String(run.plannedCells)} planned cells have an outcome`);
  if (!run.complete) wrong.push('the run is incomplete');
  // A canary may be hit like any other cell; if its outcome is still the required one, all is well.
  const judged = cells.filter((cell) => !isAsDue(cell));
  for (const cell of judged) {
    if (cell.status === 'pass' && isCanary({ id: cell.scenario }))
      wrong.push(`no canary may pass: ${cell.scenario}`);
    if (cell.status === 'pass' || cell.status === 'unsupported') continue;
    const name = `${cell.scenario} ${cell.offerer}${cell.answerer === null ? '' : ` → ${cell.answerer}`}`;
    const when = `began ${cell.startedAt}, took ${String(Math.round(cell.durationMs))} ms`;
    const said = `${name} (${when}): ${cell.status} ${cell.reason?.code ?? ''}: ${cell.reason?.message ?? ''}`;
    const hits = attacks.filter((attack) => mayHit(attack, cell, timeoutMs));
    const helper = hits.some(isHelper);
    const blamed = cell.reason?.peer === 'answerer' ? cell.answerer : cell.offerer;
    if (
      hits.length === 0 &&
      cell.reason?.code === 'machine-too-slow' &&
      !attacks.some((attack) => lasts(attack, cell))
    )
      continue;
    if (hits.length === 0) wrong.push(`hit by nothing: ${said}`);
    else if (cell.status === 'error' && !(helper && cell.reason?.code === 'helper-died'))
      wrong.push(`not told what it was: ${said}`);
    else if (cell.status !== 'crash' && cell.status !== 'timeout' && cell.status !== 'error')
      wrong.push(`neither crash nor timeout: ${said}`);
    else if (cell.reason?.peer !== null && !hits.some(({ browser }) => browser === blamed))
      wrong.push(`blames the other side: ${said}`);
  }
  const red = judged.some(({ status }) => status !== 'pass' && status !== 'unsupported');
  if (exitCode !== (red ? 1 : 0)) {
    const notGood = judged.filter(({ status }) => status !== 'pass' && status !== 'unsupported');
    const said = notGood.map(({ scenario, status, phase, reason }) =>
      [scenario, status, phase, reason?.code, reason?.message].join(' '),
    );
    wrong.push(
      [
        `the exit code is ${String(exitCode)}`,
        ...said,
        ...problemsOf(run).map(({ message }) => message),
      ].join('; '),
    );
  }
  return wrong;
}
