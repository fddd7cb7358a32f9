import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { kinds } from '../../specs/breakages/catalogue.ts';
import { UsageError } from '../errors.ts';
import { writeAtomically } from '../results/write-atomically.ts';

const healthySchema = z.object({
  scenario: z.string(),
  roles: z.enum(['pair', 'single']),
  ms: z.number(),
  timeoutMs: z.number(),
  uses: z.record(z.string(), z.array(z.string())),
});

const outcomeSchema = z.object({
  mutant: z.string(),
  kind: z.enum(kinds),
  scenario: z.string(),
  on: z.enum(['offerer', 'answerer', 'both', 'single']),
  timeoutMs: z.number(),
  status: z.string(),
  phase: z.string().nullable(),
  reason: z.string(),
  bites: z.number().nullable(),
});

const recordSchema = z.object({
  pair: z.string(),
  healthy: z.array(healthySchema),
  /** Scenarios that an unbroken browser does not pass, so that they say nothing about mutants. */
  unhealthy: z.array(z.string()),
  outcomes: z.array(outcomeSchema),
});

/** What a run of mutants leaves, and from which another run can go on. */
export type MutantRecord = z.infer<typeof recordSchema>;

/**
 * The record in a file, or an empty one if there is no file.
 * @throws {UsageError} `other-pair` if it is about other browsers
 */
export async function readRecord(file: string | undefined, pair: string): Promise<MutantRecord> {
  const fresh: MutantRecord = { pair, healthy: [], unhealthy: [], outcomes: [] };
  if (file === undefined) return fresh;
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return fresh;
    throw error;
  }
  const record = recordSchema.parse(JSON.parse(text));
  if (record.pair !== pair)
    throw new UsageError('other-pair', `${file} is about ${record.pair}, not ${pair}.`);
  return record;
}

export const writeRecord = (file: string, record: MutantRecord): Promise<void> =>
  writeAtomically(file, `${JSON.stringify(record, null, 1)}\n`);
