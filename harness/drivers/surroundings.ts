import { factsOf } from '../config/browsers.ts';
import type { BrowserSpec } from '../config/browser-spec.ts';
import { LaunchError } from '../errors.ts';
import type { BrowserDetails, LaunchOptions } from './driver.ts';
import { hasAudioServer, pulseaudio } from './pulseaudio.ts';
import type { SharedHelper } from './shared-helper.ts';
import { hasDisplay, xvfb } from './xvfb.ts';

/** What a browser needs around it to run on this machine. */
export interface Surroundings {
  env: Record<string, string>;
  reasons: BrowserDetails['reasons'];
  /** To be called once, when the browser has ended. */
  release(): Promise<void>;
}

/**
 * Gives the browser a display and an audio server where it needs one and this machine has none.
 * @throws {LaunchError} when there is no display to be had. Without audio a browser still starts, and the reasons say so.
 */
export async function surroundingsOf(spec: BrowserSpec, options: LaunchOptions): Promise<Surroundings> {
  const display = { env: {}, reasons: [], release: async () => {} };
  const [shown, heard] = await Promise.allSettled([
    needsDisplay(spec, options) ? displayFor(spec) : display,
    spec.kind === 'firefox' ? audioFor(spec) : display,
  ]);
  if (heard.status === 'rejected') {
    if (shown.status === 'fulfilled') await shown.value.release();
    throw heard.reason;
  }
  if (shown.status === 'rejected') {
    await heard.value.release();
    throw shown.reason;
  }
  return {
    env: { ...shown.value.env, ...heard.value.env },
    reasons: [...shown.value.reasons, ...heard.value.reasons],
    async release() {
      await Promise.all([shown.value.release(), heard.value.release()]);
    },
  };
}

/** WebKitGTK has no headless mode; the others have, unless the user wants to look on. */
export const needsDisplay = (spec: BrowserSpec, options: Pick<LaunchOptions, 'headed'>): boolean =>
  (!factsOf(spec.kind).headless || options.headed) && !hasDisplay();

const displayFor = (spec: BrowserSpec): Promise<Surroundings> =>
  acquire(xvfb, 'Xvfb', `A virtual display, because DISPLAY is not set and ${spec.kind} is to show windows.`);

async function audioFor(spec: BrowserSpec): Promise<Surroundings> {
  if (await hasAudioServer()) return { env: {}, reasons: [], release: async () => {} };
  try {
    return await acquire(
      pulseaudio,
      'PulseAudio',
      'A private audio server with a silent device: without one an AudioContext of Firefox never starts.',
    );
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    const reason = `Web Audio will not run in ${spec.id}: an AudioContext of Firefox stays suspended. ${error.message}`;
    return { env: {}, reasons: [{ setting: 'no PulseAudio', reason }], release: async () => {} };
  }
}

async function acquire(helper: SharedHelper, setting: string, reason: string): Promise<Surroundings> {
  const env = await helper.acquire();
  return { env, reasons: [{ setting, reason }], release: () => helper.release() };
}
