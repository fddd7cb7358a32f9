import { factsOf } from '../config/browsers.ts';
import type { DrivenSpec } from '../config/browser-spec.ts';
import { LaunchError } from '../errors.ts';
import type { BrowserDetails, Exit, LaunchOptions } from './driver.ts';
import { hasAudioServer, pulseaudio } from './pulseaudio.ts';
import type { HelperLease, SharedHelper } from './shared-helper.ts';
import { hasDisplay, xvfb } from './xvfb.ts';

/** The helpers that a browser needs on this machine. */
export interface Surroundings {
  env: Record<string, string>;
  reasons: BrowserDetails['reasons'];
  /** The helpers that run for it, by name. */
  helpers: readonly HelperLease[];
  /** To be called when the browser has ended. */
  release(): Promise<void>;
}

const nothing: Surroundings = { env: {}, reasons: [], helpers: [], release: async () => {} };

/** The end of a browser whose helper is lost: it cannot change to another while it runs, so it is started again with one. */
const lostHelper = (how: string, id: string): Exit => ({
  code: null,
  signal: null,
  description: `${how}; ${id} needs it and has to be started again.`,
  of: 'helper',
});

/**
 * Reports when a helper is lost, and the true cause of an exit: a browser may be seen to die of its display before the
 * display is seen to have died.
 */
export function watchHelpers(
  { helpers }: Surroundings,
  id: string,
  report: (exit: Exit) => void,
): (exit: Exit) => void {
  for (const { lost } of helpers) void lost.then((how) => report(lostHelper(how, id)));
  return (exit) => {
    const dead = helpers.find(({ lives }) => !lives());
    if (!dead) return report(exit);
    void dead.lost.then((how) => report(lostHelper(how, id)));
  };
}

/**
 * Gives the browser a display and an audio server if it needs one and this machine has none.
 * @throws {LaunchError} if there is no display to be had. Without audio a browser still starts, and the reasons say so.
 */
export async function surroundingsOf(spec: DrivenSpec, options: LaunchOptions): Promise<Surroundings> {
  const [shown, heard] = await Promise.allSettled([
    needsDisplay(spec, options) ? displayFor(spec) : nothing,
    factsOf(spec.kind).needsAudioServer === true ? audioFor(spec) : nothing,
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
    helpers: [...shown.value.helpers, ...heard.value.helpers],
    async release() {
      await Promise.all([shown.value.release(), heard.value.release()]);
    },
  };
}

/** WebKitGTK has no headless mode; the others have one, unless the user wants to watch. */
const needsDisplay = (spec: DrivenSpec, options: Pick<LaunchOptions, 'headed'>): boolean =>
  (!factsOf(spec.kind).headless || options.headed) && !hasDisplay();

const displayFor = (spec: DrivenSpec): Promise<Surroundings> =>
  acquire(xvfb, 'Xvfb', `A virtual display, because DISPLAY is not set and ${spec.kind} is to show windows.`);

async function audioFor(spec: DrivenSpec): Promise<Surroundings> {
  if (await hasAudioServer()) return nothing;
  try {
    return await acquire(
      pulseaudio,
      'PulseAudio',
      'A private audio server with a silent device: without one an AudioContext of Firefox never starts.',
    );
  } catch (error) {
    // If it ran before, a browser without it would not be the same.
    if (!(error instanceof LaunchError) || pulseaudio.everRan) throw error;
    const reason = `Web Audio will not run in ${spec.id}: an AudioContext of Firefox stays suspended. ${error.message}`;
    return { ...nothing, reasons: [{ setting: 'no PulseAudio', reason }] };
  }
}

async function acquire(helper: SharedHelper, setting: string, reason: string): Promise<Surroundings> {
  const lease = await helper.acquire();
  return {
    env: lease.env,
    reasons: [{ setting, reason }],
    helpers: [lease],
    release: () => lease.release(),
  };
}
