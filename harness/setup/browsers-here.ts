import type { BrowserKind, BrowserSpec } from '../config/browser-spec.ts';
import { driverPrograms, findDriverProgram, findExecutable } from '../drivers/executables.ts';

/** The order in which browsers stand in a matrix. */
const order = [
  'chrome',
  'chromium',
  'edge',
  'firefox',
  'safari',
  'webkit',
  'webkitgtk',
] as const satisfies BrowserKind[];

/** Browsers that WebDriver alone can drive: without its program they are as good as not there. */
const needsProgram: readonly BrowserKind[] = ['safari', 'webkitgtk'];

/** Whether a browser of this kind, and what drives it, is on this machine; looks, launches nothing. */
export async function isHere(kind: BrowserKind): Promise<boolean> {
  const program = driverPrograms[kind];
  if (
    needsProgram.includes(kind) &&
    program !== undefined &&
    (await findDriverProgram(program)) === undefined
  ) {
    return false;
  }
  return (await findExecutable(kind)) !== undefined;
}

/** The browsers that a run uses where the user names none. */
export async function browsersHere(): Promise<BrowserSpec[]> {
  const here = await Promise.all(order.map(isHere));
  return order.filter((_, at) => here[at]).map((kind) => ({ id: kind, kind }));
}
