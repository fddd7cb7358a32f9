import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeRun, type EncodedRun } from '../history/encode-run.ts';
import { addToSite } from '../history/write-site.ts';
import { Scrubber } from '../report/scrub.ts';
import { noExpectations } from '../results/expectations.ts';
import { readRun } from '../results/read-run.ts';
import type { Cell } from '../results/schema.ts';
import { signatureOf } from '../results/signature.ts';
import { writeSyntheticRun } from './synthetic-run.ts';

/** How many of a hundred cells that ran have another outcome in a run for no reason. */
const flakes = 1;

/** A number that decides the outcome of a cell in a run; the same every time. */
const chance = (run: number, cell: number): number =>
  (Math.imul(run * 7919 + cell, 2_654_435_761) >>> 0) % 10_000;

/** A passing cell that failed this once, with a reason of its own. */
function failed(cell: Cell, run: number): Cell {
  const outcome = {
    status: 'fail',
    phase: 'assert',
    reason: {
      code: 'assertion',
      message: `nothing arrived in ${cell.scenario}, look ${String(run % 7)}`,
      peer: 'answerer',
    },
  } as const;
  return { ...cell, ...outcome, checks: [], signature: signatureOf(outcome) };
}

/**
 * Writes a site of `runs` nightly runs: browsers get a new version every fourth week, which fixes and breaks one cell in two
 * hundred, and one in a hundred fails for no reason.
 */
export async function writeSyntheticSite(
  dir: string,
  { runs, cells }: { runs: number; cells: number },
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'webrtc-interop-bench-run-'));
  try {
    await writeSyntheticRun(join(folder, 'run'), cells);
    const results = await readRun(join(folder, 'run'));
    const encoded: EncodedRun[] = [];
    for (let night = 0; night < runs; night += 1) {
      const release = Math.floor(night / 28);
      const of = results.cells.map((cell, at): Cell => {
        const isBroken = chance(release + 1000, at) < 50 || chance(night, at) < flakes * 100;
        return cell.status === 'pass' && isBroken ? failed(cell, night) : cell;
      });
      encoded.push(
        encodeRun(
          {
            ...results,
            run: {
              ...results.run,
              id: `night-${String(night)}`,
              startedAt: new Date(Date.UTC(2026, 0, 1) + night * 86_400_000).toISOString(),
            },
            browsers: results.browsers.map((browser) => ({
              ...browser,
              version: `${String(100 + release)}.0`,
            })),
            cells: of,
          },
          {
            label: '',
            expectations: noExpectations,
            scrubber: new Scrubber({ hostName: '', userName: '' }),
            compat: null,
          },
        ),
      );
    }
    await addToSite(dir, encoded, {
      say: (problem) => {
        throw new Error(problem);
      },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The contents of the files in a folder, by name. */
export async function contentsOf(dir: string): Promise<Map<string, string>> {
  const names = await readdir(dir);
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(dir, name), 'utf8')] as const)),
  );
}
