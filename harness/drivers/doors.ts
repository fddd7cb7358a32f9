import { factsOf } from '../config/browsers.ts';
import type { BrowserKind, DriverName } from '../config/browser-spec.ts';
import type { Executable } from './executables.ts';

/**
 * What another user of this machine can do to a running browser, if that cannot be prevented; undefined if nothing is
 * known. Chromium by Playwright, and Playwright's own builds, are driven over a pipe.
 */
export function openDoor(
  kind: BrowserKind,
  driver: DriverName,
  source: Executable['source'] | undefined,
): string | undefined {
  if (driver === 'playwright') {
    return factsOf(kind).engine === 'gecko' && source === 'system'
      ? 'its BiDi port takes one session, which is ours: another user of this machine could only take it in the moment before'
      : undefined;
  }
  const program = factsOf(kind).program;
  switch (program) {
    case 'chromedriver':
    case 'msedgedriver':
      return `while it runs, ${program} starts browsers for every user of this machine, and its browser has a DevTools port: use Playwright where there are others`;
    case 'WebKitWebDriver':
      return 'its driver takes one session, which is ours; the port between driver and MiniBrowser asks for no secret';
    case 'geckodriver':
    case 'safaridriver':
      return `${program} listens on a port that asks for no secret`;
    case undefined:
      return undefined;
  }
}
