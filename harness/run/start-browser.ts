import { shownBy, startCommand, type StartedCommand } from '../drivers/command.ts';
import { isDriven, type BrowserSpec } from '../config/browser-spec.ts';
import type { LaunchOptions, RunningBrowser } from '../drivers/driver.ts';
import { startBrowser } from '../drivers/index.ts';
import type { Devices } from '../peers/devices.ts';

/**
 * Starts a browser, with a driver or without.
 * @param origin where its pages find the fixture
 * @throws {LaunchError} as `startBrowser` and `Devices.start`
 */
export async function startAny(
  spec: BrowserSpec,
  options: LaunchOptions,
  { devices, origin }: { devices: Devices; origin: string },
): Promise<RunningBrowser> {
  if (isDriven(spec)) return startBrowser(spec, options);
  if (spec.kind === 'url') return devices.start(spec, origin);
  let command: StartedCommand | undefined;
  try {
    const open = async (url: string): Promise<void> => {
      command = await startCommand(spec, url);
    };
    const browser = await devices.start(spec, origin, open, { comesMs: options.timeoutMs, afresh: true });
    if (command === undefined) throw new Error(`${spec.id} came without its program`);
    return shownBy(command, browser);
  } catch (error) {
    await command?.close();
    throw error;
  }
}
