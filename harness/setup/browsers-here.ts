import { browserKinds, factsOf } from '../config/browsers.ts';
import type { BrowserKind, BrowserSpec } from '../config/browser-spec.ts';
import { findDriverProgram, findExecutable } from '../drivers/executables.ts';

/** Whether only WebDriver can drive a browser: it is of no use without its program. */
const needsProgram = (kind: BrowserKind): boolean => !factsOf(kind).drivers.includes('playwright');

/** Whether a browser of this kind, and what drives it, is on this machine; only looks, launches nothing. */
export async function isHere(kind: BrowserKind): Promise<boolean> {
  const program = factsOf(kind).program;
  if (needsProgram(kind) && program !== undefined && (await findDriverProgram(program)) === undefined) {
    return false;
  }
  return (await findExecutable(kind)) !== undefined;
}

/** The browsers that a run uses if the user names none. */
export async function browsersHere(): Promise<BrowserSpec[]> {
  const here = await Promise.all(browserKinds.map(isHere));
  return browserKinds.filter((_, at) => here[at]).map((kind) => ({ id: kind, kind }));
}
