import { isCanary, type PlannedCell } from '../matrix/plan.ts';
import type { Session } from './session.ts';

/** Cells that are recorded together if their pair cannot connect, and, once that was looked into, those that were. */
interface Group {
  cells: PlannedCell[];
  recorded?: Promise<ReadonlySet<PlannedCell>>;
}

type Recording = Pick<Session, 'launchOf' | 'cannotConnect' | 'recordTogether'>;

/**
 * A pair with a browser that cannot connect is one stored cell for all its scenarios: cells of one pair, of browsers that
 * were started in one way. What `--repeat` adds is a cell of its own. Canaries, which prove the harness, always run.
 */
export class Together {
  readonly #session: Recording;
  /** The group of each cell, by its place in the plan. */
  readonly #groupAt: (Group | undefined)[];

  constructor(session: Recording, cells: readonly PlannedCell[]) {
    this.#session = session;
    const groups = new Map<string, Group>();
    const times = new Map<string, number>();
    this.#groupAt = cells.map((cell) => {
      const { scenario, offerer, answerer } = cell;
      if (answerer === null || isCanary({ id: scenario })) return undefined;
      const of = JSON.stringify([scenario, offerer, answerer]);
      const time = (times.get(of) ?? 0) + 1;
      times.set(of, time);
      const key = JSON.stringify([offerer, answerer, session.launchOf(cell), time]);
      const group = groups.get(key) ?? { cells: [] };
      groups.set(key, group);
      group.cells.push(cell);
      return group;
    });
  }

  /**
   * Whether a cell whose browsers were started is stored with others, and need not run.
   * @param at its place in the plan
   * @param recording runs what looks at all of them, once
   */
  async has(
    cell: PlannedCell,
    at: number,
    recording: (record: () => Promise<ReadonlySet<PlannedCell>>) => Promise<ReadonlySet<PlannedCell>>,
  ): Promise<boolean> {
    const group = this.#groupAt[at];
    if (group === undefined || !this.#session.cannotConnect(cell)) return false;
    group.recorded ??= recording(() => this.#session.recordTogether(group.cells));
    return (await group.recorded).has(cell);
  }
}
