import { execa } from 'execa';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Run } from '../results/schema.ts';

/** The folder of the package. */
export const packageRoot = fileURLToPath(new URL('../../', import.meta.url));

/** The machine that a run runs on. */
export const environment = (): Run['environment'] => ({
  os: process.platform,
  osVersion: os.release(),
  arch: process.arch,
  cpus: os.availableParallelism(),
  node: process.version,
});

/** The version of this package. */
export async function ownVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(`${packageRoot}package.json`, 'utf8'));
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isManifest ? String(manifest.version) : 'unknown';
}

/** The harness's version, and its commit where it runs from a checkout. */
export async function harnessVersion(): Promise<Run['harness']> {
  const git = await execa('git', ['rev-parse', 'HEAD'], { cwd: packageRoot, reject: false });
  return { version: await ownVersion(), commit: git.exitCode === 0 ? git.stdout : null };
}
