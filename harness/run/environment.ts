import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../own-files.ts';
import type { Run } from '../results/schema.ts';

export { packageRoot };

/** What our own `package.json` says; `gitHead` is written when the package is built. */
const manifestSchema = z.object({ version: z.string(), gitHead: z.string().optional() });

/** The machine that a run runs on. */
export const environment = (): Run['environment'] => ({
  os: process.platform,
  osVersion: os.release(),
  arch: process.arch,
  cpus: os.availableParallelism(),
  node: process.version,
});

const manifest = async (): Promise<z.infer<typeof manifestSchema>> =>
  manifestSchema.parse(JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')));

/** The version of this package. */
export const ownVersion = async (): Promise<string> => (await manifest()).version;

/**
 * The harness's version, and the commit that it was built from or is checked out at. The repository of the
 * user who installed the package does not count.
 */
export async function harnessVersion(): Promise<Run['harness']> {
  const { version, gitHead } = await manifest();
  return { version, commit: gitHead ?? (await checkedOut()) };
}

async function checkedOut(): Promise<string | null> {
  if (!existsSync(join(packageRoot, '.git'))) return null;
  const git = await execa('git', ['rev-parse', 'HEAD'], { cwd: packageRoot, reject: false });
  return git.exitCode === 0 ? git.stdout : null;
}
