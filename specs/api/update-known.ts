import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { EvidenceReader } from '../../harness/results/evidence-reader.ts';
import { openStoredRun } from '../../harness/results/read-run.ts';
import { known, knownFile, type Known } from './known.ts';

/** What `keepAbsent` leaves as evidence. */
const absentTrace = z.object({
  family: z.enum(['chromium', 'firefox', 'safari', 'webkitgtk']),
  version: z.string(),
  absent: z.record(z.string(), z.array(z.string())),
});

/** What the browsers of a run lack, in place of what was known of them. */
export function knownOf(traces: readonly unknown[], before: Known): Known {
  const measured: Known = {};
  for (const trace of traces) {
    const { family, version, absent } = absentTrace.parse(trace);
    const of = (measured[family] ??= { version, lacks: {} });
    for (const [name, members] of Object.entries(absent)) {
      const all = [...new Set([...(of.lacks[name] ?? []), ...members])].toSorted();
      if (all.length > 0) of.lacks[name] = all;
    }
  }
  for (const of of Object.values(measured))
    of.lacks = Object.fromEntries(
      Object.entries(of.lacks).toSorted(([one], [other]) => (one < other ? -1 : 1)),
    );
  return { ...before, ...measured };
}

/** What the cells of a run left of what browsers lack. */
async function tracesOf(run: string): Promise<unknown[]> {
  const reader = new EvidenceReader(run);
  const traces: unknown[] = [];
  for await (const { evidence } of (await openStoredRun(run)).cells()) {
    for (const piece of evidence) {
      if (!/(?:^|[/-])absent(?:\.\d+)?\.json$/.test(piece.path)) continue;
      const found = await reader.find(piece);
      if (!('content' in found)) throw new Error(`${run} has no ${piece.path}: it is ${found.state}.`);
      traces.push(JSON.parse(found.content.toString('utf8')));
    }
  }
  if (traces.length === 0)
    throw new Error(`${run} says nothing of what browsers lack: run --areas api first.`);
  return traces;
}

/**
 * Writes what the browsers of some runs are known to lack: `npm run api:known -- RUN…`. What one of several runs did
 * not have, e.g. a member of statistics that comes late, may be lacking.
 */
async function main(runs: readonly string[]): Promise<void> {
  if (runs.length === 0)
    throw new Error('Name the folders of runs of the area api: npm run api:known -- reports/latest');
  const all = knownOf((await Promise.all(runs.map(tracesOf))).flat(), known());
  await writeFile(knownFile, `${JSON.stringify(all, null, 1)}\n`);
  for (const [family, { version, lacks }] of Object.entries(all))
    process.stdout.write(
      `${family} ${version}: lacks ${String(Object.values(lacks).flat().length)} members\n`,
    );
}

if (process.argv[1]?.endsWith('update-known.ts') === true) await main(process.argv.slice(2));
