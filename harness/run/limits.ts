/** How long the harness waits for things outside the scenario, in milliseconds. */
export interface Limits {
  /** For the pages of a cell, including the start of a browser and other cells that have the pages. */
  lendMs: number;
  /** For a page whose scenario went well to hand over its closing state, without which there is no pass. */
  closingMs: number;
  /** For a page whose scenario failed to do so, or for a driver to take a picture of it. */
  collectMs: number;
  /** For the end of a browser to be seen after its sockets closed. */
  exitMs: number;
  /** Beyond the cell's time, for the answer of a page whose wait has given up to arrive. */
  graceMs: number;
  /** For checking whether a browser hangs, and for ending it. */
  lookMs: number;
  /** For a write to the disk. */
  storeMs: number;
}

export const defaultLimits: Limits = {
  lendMs: 600_000,
  closingMs: 10_000,
  collectMs: 3000,
  exitMs: 2000,
  graceMs: 1500,
  lookMs: 60_000,
  storeMs: 60_000,
};
