import { isDriven, parseBrowserSpec, type DrivenSpec } from '../config/browser-spec.ts';

/** A browser as the command line names it, for tests of drivers. */
export function drivenSpec(text: string): DrivenSpec {
  const spec = parseBrowserSpec(text);
  if (!isDriven(spec)) throw new Error(`nobody drives ${text}`);
  return spec;
}
