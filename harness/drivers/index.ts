import { factsOf } from '../config/browsers.ts';
import type { DrivenSpec, DriverName } from '../config/browser-spec.ts';
import type { Driver, LaunchOptions, RunningBrowser } from './driver.ts';

/** The driver of a browser: the one that the user chose, else the default of its kind. */
export function driverNameOf(spec: DrivenSpec): DriverName {
  if (spec.driver !== undefined) return spec.driver;
  if (spec.endpoint !== undefined) return 'webdriverio';
  return factsOf(spec.kind).drivers[0];
}

/**
 * Starts a browser.
 * @throws {LaunchError} `browser-not-found`, `driver-not-found`, `no-display`, `launch-failed` or `launch-timeout`;
 * then nothing of it is left running.
 */
export async function startBrowser(spec: DrivenSpec, options: LaunchOptions): Promise<RunningBrowser> {
  const driver = await loadDriver(driverNameOf(spec));
  return driver.start(spec, options);
}

/** Each driver's library takes tens of megabytes, so only those that are used are loaded. */
async function loadDriver(name: DriverName): Promise<Driver> {
  if (name === 'playwright') return (await import('./playwright.ts')).playwrightDriver;
  // Its logger writes to stdout, which may be a JSON document of ours; it reads this setting when it loads.
  process.env['WDIO_LOG_LEVEL'] ??= 'silent';
  return (await import('./webdriverio.ts')).webdriverioDriver;
}
