import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { EvidenceReader } from '../../harness/results/evidence-reader.ts';
import { openStoredRun } from '../../harness/results/read-run.ts';
import { known, knownFile, type Known } from './known.ts';

const byInterface = z.record(z.string(), z.array(z.string()));

/** What `keepMembers` leaves as evidence. */
const membersTrace = z.object({
  family: z.enum(['chromium', 'firefox', 'safari', 'webkitgtk']),
  version: z.string(),
  launch: z.literal('as-shipped').optional(),
  there: byInterface,
  absent: byInterface,
});

/** Members by interface, each once. */
class Members {
  readonly #all = new Map<string, Set<string>>();

  add(members: z.infer<typeof byInterface>): void {
    for (const [name, of] of Object.entries(members))
      this.#all.set(name, new Set([...(this.#all.get(name) ?? []), ...of]));
  }

  has = (name: string, member: string): boolean => this.#all.get(name)?.has(member) === true;

  /** The members for which a rule holds, in order. */
  where(holds: (name: string, member: string) => boolean): Record<string, string[]> {
    return Object.fromEntries(
      [...this.#all]
        .map(([name, of]): [string, string[]] => [
          name,
          [...of].filter((member) => holds(name, member)).toSorted(),
        ])
        .filter(([, of]) => of.length > 0)
        .toSorted(([one], [other]) => (one < other ? -1 : 1)),
    );
  }
}

/** What the browsers of some runs have in every run, in place of what was known of these browsers. */
export function knownOf(traces: readonly unknown[], before: Known): Known {
  const parsed = traces.map((trace) => membersTrace.parse(trace));
  const measured: Known = {};
  for (const family of new Set(parsed.map((trace) => trace.family))) {
    const [there, absent, withoutFlags] = [new Members(), new Members(), new Members()];
    const own = parsed.filter((trace) => trace.family === family);
    for (const trace of own) {
      if (trace.launch === 'as-shipped') withoutFlags.add(trace.absent);
      else {
        there.add(trace.there);
        absent.add(trace.absent);
      }
    }
    const isThere = (name: string, member: string): boolean => !absent.has(name, member);
    measured[family] = {
      version: own[0]?.version ?? '',
      has: there.where(isThere),
      byFlag: there.where((name, member) => isThere(name, member) && withoutFlags.has(name, member)),
    };
  }
  return { ...before, ...measured };
}

/** The evidence that the cells of a run left of what browsers have. */
async function tracesOf(run: string): Promise<unknown[]> {
  const reader = new EvidenceReader(run);
  const traces: unknown[] = [];
  for await (const { evidence } of (await openStoredRun(run)).cells()) {
    for (const piece of evidence) {
      if (!/(?:^|[/-])members(?:\.\d+)?\.json$/.test(piece.path)) continue;
      const found = await reader.find(piece);
      if (!('content' in found)) throw new Error(`${run} has no ${piece.path}: it is ${found.state}.`);
      traces.push(JSON.parse(found.content.toString('utf8')));
    }
  }
  if (traces.length === 0)
    throw new Error(`${run} says nothing of what browsers have: run --areas api first.`);
  return traces;
}

/**
 * Writes what the browsers of some runs have: `npm run api:known -- RUN…`. What one of several runs did not have, e.g. a
 * member of statistics that comes late, is left out.
 */
async function main(runs: readonly string[]): Promise<void> {
  if (runs.length === 0)
    throw new Error('Name the folders of runs of the area api: npm run api:known -- reports/latest');
  const all = knownOf((await Promise.all(runs.map(tracesOf))).flat(), known());
  await writeFile(knownFile, inLines(all));
  for (const [family, { version, has }] of Object.entries(all))
    process.stdout.write(`${family} ${version}: has ${String(Object.values(has).flat().length)} members\n`);
}

/** One line per interface, so that a diff reads well. */
const inLines = (all: Known): string =>
  `${JSON.stringify(all, null, 1).replaceAll(/\[[^\]]*\]/g, (list) => list.replaceAll(/\s*\n\s*/g, ' '))}\n`;

if (process.argv[1]?.endsWith('update-known.ts') === true) await main(process.argv.slice(2));
