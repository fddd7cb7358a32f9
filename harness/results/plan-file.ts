import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { readRunText, RunFileError } from './run-file.ts';
import { parseJson, validate } from './validate.ts';
import { writeAtomically } from './write-atomically.ts';

const cell = z.object({ scenario: z.string(), offerer: z.string(), answerer: z.string().nullable() });

const script = z.object({
  use: z
    .string()
    .describe('What loads it: offerer, answerer, scenarios (those about adapter, or all), or the run.'),
  name: z.string(),
  sha256: z.string(),
});

const planSchema = z.object({
  cells: z.array(cell).describe('Every cell in the order in which they run, repeated ones and canaries too.'),
  browsers: z
    .array(z.object({ text: z.string(), spec: z.unknown() }))
    .describe('As --browsers names them, and what the names stand for, without secrets.'),
  scripts: z.array(script),
  flags: z.record(z.string(), z.unknown()).describe('The flags of the command line, defaults included.'),
  latest: z.boolean().describe('Whether reports/latest is to point at the run.'),
});

/** What a run is to do, in its `plan.json`, from which it can be resumed. */
export type RunPlan = z.infer<typeof planSchema>;
export type PlannedScript = z.infer<typeof script>;

const fileName = 'plan.json';

/** @throws {IncompleteError} `results-not-writable` */
export const writePlan = (dir: string, plan: RunPlan): Promise<void> =>
  writeAtomically(join(dir, fileName), `${JSON.stringify(plan)}\n`);

/** @throws {UsageError} `no-plan` if the folder has none, `invalid-results` if it is damaged */
export async function readPlan(dir: string): Promise<RunPlan> {
  const path = join(dir, fileName);
  let text: string;
  try {
    text = await readRunText(dir, fileName);
  } catch (error) {
    if (!(error instanceof RunFileError)) throw error;
    throw new UsageError(
      'no-plan',
      `${dir} holds no run that can be resumed: ${error.message} Name the folder of a run of \`webrtc-interop run\`.`,
      { cause: error },
    );
  }
  return validate(planSchema, parseJson(text, path), path);
}
