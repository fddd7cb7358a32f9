import { availableParallelism, freemem } from 'node:os';
import type { Load } from '../matrix/scenario.ts';

/** The bounds on cells that run side by side. */
export interface Bounds {
  /** What a cell costs of the budget, in units. */
  cost: Readonly<Record<Exclude<Load, 'alone'>, number>>;
  /** How many cells whose load is `idle` run beside the others; 0: none, they wait like the others. */
  idle: number;
  /** The budget at the beginning, and the least to which it shrinks. */
  least: number;
  /** The most to which it grows. */
  most: number;
  /** How many cells whose load is `alone` run side by side, with no others beside them; 0: they run like the others. */
  alone: number;
  /** The most pages that each browser keeps open. */
  pages: number;
}

/** `--jobs N`: N cells at once, whatever they cost. */
export const fixedBounds = (jobs: number): Bounds => ({
  cost: { idle: 1, light: 1, media: 1, heavy: 1 },
  idle: 0,
  least: jobs,
  most: jobs,
  alone: 0,
  // two for each cell, and one that starts afresh meanwhile; each takes Firefox half a second
  pages: jobs * 2 + 1,
});

/** One browser process and one harness serve them all, whatever the machine has. */
const mostUnits = 32;
/** A cell of media, two units, has a page in each of two browsers. */
const bytesPerUnit = 150e6;

/**
 * `--jobs auto`: it begins with one media cell per processor, and grows to twice that while processors are idle. With
 * more, verdicts were seen to change (docs/field-notes.md).
 */
export function autoBounds(processors = availableParallelism(), freeBytes = freemem()): Bounds {
  const least = Math.min(processors * 2, mostUnits);
  const most = Math.max(least, Math.min(least * 2, mostUnits, Math.floor(freeBytes / bytesPerUnit)));
  return {
    cost: { idle: 1, light: 1, media: 2, heavy: 4 },
    idle: least,
    least,
    most,
    alone: processors,
    // two for each cell of media where a browser meets itself; light cells, of which more run, are over sooner; and one for
    // each idle cell, of which one in four has both sides in one browser
    pages: most + 1 + least,
  };
}

/** The bounds that `--jobs` asks for. */
export const boundsOf = (jobs: number | 'auto'): Bounds =>
  jobs === 'auto' ? autoBounds() : fixedBounds(jobs);

/** What a cell costs over all of its time: one that is light, and known to wait until its time is over, is idle. */
export const loadOver = (load: Load, isToTimeOut: boolean): Load =>
  load === 'light' && isToTimeOut ? 'idle' : load;

/** Below the first, the processors have time for one more; above the second, they are full. Shares of all their time. */
const idleBelow = 0.88;
const fullAbove = 0.96;

/** Where a cell has its browsers: at least one on this machine, or all on others. */
export type Place = 'here' | 'elsewhere';

/** Cells that let time pass are in nobody's way: they have a number of their own, and begin as soon as there is room for them. */
type LaneName = Place | 'idle';

interface Waiting {
  at: number;
  units: number;
  /** Whether nothing at all may run beside it. */
  isSolitary: boolean;
  start: () => Promise<void>;
}

/** Tasks that share a budget, and what they use of it. */
class Lane {
  readonly waiting: Waiting[] = [];
  budget: number;
  used = 0;
  running = 0;

  constructor(budget: number) {
    this.budget = budget;
  }

  /** The next task, if there is room for it. One that costs more than the whole budget runs when nothing else does. */
  next(): Waiting | undefined {
    const [first] = this.waiting;
    const fits = first !== undefined && (this.running === 0 || this.used + first.units <= this.budget);
    return fits ? this.waiting.shift() : undefined;
  }
}

/**
 * Lets as many cells run as their machines bear: here by a budget of units that follows how busy the processors are, elsewhere,
 * where nobody sees the processors, a fixed number.
 */
export class Admission {
  readonly #bounds: Bounds;
  readonly #lanes: Readonly<Record<LaneName, Lane>>;
  readonly #waitingAlone: Waiting[] = [];
  /** Of those that run without the others: how many do, and whether it is one that bears nothing beside it. */
  #alone = { running: 0, isSolitary: false };

  /** @param elsewhere how many cells whose browsers are all on other machines may run at once */
  constructor(bounds: Bounds, elsewhere = 1) {
    this.#bounds = bounds;
    this.#lanes = {
      here: new Lane(bounds.least),
      idle: new Lane(bounds.idle),
      elsewhere: new Lane(elsewhere),
    };
  }

  /** Units that may be in use now on this machine. */
  get budget(): number {
    return this.#lanes.here.budget;
  }

  /**
   * Runs a task once there is room for it, in the order of `at`: one that does not fit holds back those behind it that share
   * its budget. Tasks that run without the others come last.
   */
  run<T>(load: Load, at: number, task: () => Promise<T>, place: Place = 'here'): Promise<T> {
    const isIdle = load === 'idle' && place === 'here' && this.#bounds.idle > 0;
    const lane = this.#lanes[isIdle ? 'idle' : place];
    const units = place === 'elsewhere' ? 1 : this.#bounds.cost[load === 'alone' ? 'heavy' : load];
    const queue = load === 'alone' && this.#bounds.alone > 0 ? this.#waitingAlone : lane.waiting;
    return this.#queued(queue, { at, units, isSolitary: false }, task, lane);
  }

  /** Runs a task with nothing beside it, whatever the bounds are, after all that wait to run side by side. */
  runAlone<T>(at: number, task: () => Promise<T>): Promise<T> {
    const cost = { at, units: this.#bounds.cost.heavy, isSolitary: true };
    return this.#queued(this.#waitingAlone, cost, task, this.#lanes.here);
  }

  #queued<T>(queue: Waiting[], cost: Omit<Waiting, 'start'>, task: () => Promise<T>, lane: Lane): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const start = async (): Promise<void> => {
        lane.used += cost.units;
        lane.running += 1;
        await task().then(resolve, reject);
        lane.used -= cost.units;
        lane.running -= 1;
      };
      const behind = queue.findIndex(({ at }) => at > cost.at);
      queue.splice(behind < 0 ? queue.length : behind, 0, { ...cost, start });
      this.#admit();
    });
  }

  /**
   * Takes regular reports of how busy the processors were since the last one.
   * @param busy share of all their time, 0 to 1
   */
  look(busy: number): void {
    const { least, most } = this.#bounds;
    const { here } = this.#lanes;
    if (busy < idleBelow && here.waiting.length > 0) here.budget = Math.min(most, here.budget + 1);
    else if (busy > fullAbove) here.budget = Math.max(least, here.budget - 1);
    this.#admit();
  }

  #admit(): void {
    const lanes = Object.values(this.#lanes);
    if (this.#alone.running === 0) {
      for (const lane of lanes)
        for (let next = lane.next(); next !== undefined; next = lane.next()) this.#start(next);
      if (lanes.some(({ running, waiting }) => running > 0 || waiting.length > 0)) return;
    } else if (this.#alone.isSolitary || lanes.some(({ waiting }) => waiting.length > 0)) return;
    for (let next = this.#nextAlone(); next !== undefined; next = this.#nextAlone()) {
      this.#alone = { running: this.#alone.running + 1, isSolitary: next.isSolitary };
      this.#start(next, () => (this.#alone.running -= 1));
    }
  }

  /** The next of those that run without the others, if what runs of them leaves room for it. */
  #nextAlone(): Waiting | undefined {
    const [first] = this.#waitingAlone;
    const { running, isSolitary } = this.#alone;
    const most = first?.isSolitary === true || isSolitary ? 1 : this.#bounds.alone;
    return running < most ? this.#waitingAlone.shift() : undefined;
  }

  #start({ start }: Waiting, ended?: () => void): void {
    void start().then(() => {
      ended?.();
      this.#admit();
    });
  }
}
