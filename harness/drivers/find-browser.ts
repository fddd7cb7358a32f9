import type { DrivenSpec } from '../config/browser-spec.ts';
import {
  findExecutable,
  isExecutable,
  isPlaywrightBuild,
  lookedFor,
  type Executable,
} from './executables.ts';
import { browserNotFound } from './launch-errors.ts';
import { findRelease, releasesFolder } from './releases.ts';

/** A browser of this machine. */
export interface FoundBrowser extends Executable {
  /** The program of the same build that drives it by WebDriver, if it was downloaded with it. */
  driverProgram?: string;
}

/**
 * The executable that a browser names: by its path, as a version that was downloaded, or by its kind and channel.
 * @throws {LaunchError} `browser-not-found`
 */
export async function findBrowser(spec: DrivenSpec): Promise<FoundBrowser> {
  const { kind, channel, version, executable } = spec;
  if (executable !== undefined) {
    if (!(await isExecutable(executable))) throw browserNotFound(spec, [executable]);
    return { path: executable, source: isPlaywrightBuild(executable) ? 'playwright' : 'system' };
  }
  if (version !== undefined) {
    const release = await findRelease(kind, version);
    if (release === undefined) throw browserNotFound(spec, [`${kind} ${version} in ${releasesFolder()}`]);
    const { executable: path, driverProgram } = release;
    return { path, source: 'system', ...(driverProgram === undefined ? {} : { driverProgram }) };
  }
  const found = await findExecutable(kind, channel);
  if (found === undefined) throw browserNotFound(spec, lookedFor(kind, channel));
  return found;
}
