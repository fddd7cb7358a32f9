import { createHash } from 'node:crypto';
import { keyOf } from '../results/cell-key.ts';
import type { PlannedCell } from './plan.ts';

/** What shards must have in common to belong to one plan. */
export interface WholePlan {
  /** Every cell of the plan, those of other shards included. */
  cells: readonly PlannedCell[];
  browsers: readonly { id: string; kind: string }[];
  /** The source of the scripts that pages of each side load, in their order, and of adapter for the scenarios about it. */
  scripts: { offerer: readonly string[]; answerer: readonly string[]; adapter: string };
  /** What decides how often and how long a cell is tried. */
  flags: { repeat: number; retries: number; timeout: number; strict: boolean };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A hash of a plan; the order of its cells and the paths of its scripts do not matter. */
export const planDigest = ({ cells, browsers, scripts, flags }: WholePlan): string =>
  sha256(
    JSON.stringify([
      cells.map(keyOf).toSorted(),
      browsers.map(({ id, kind }) => `${id}=${kind}`).toSorted(),
      [scripts.offerer.map(sha256), scripts.answerer.map(sha256), sha256(scripts.adapter)],
      [flags.repeat, flags.retries, flags.timeout, flags.strict],
    ]),
  );
