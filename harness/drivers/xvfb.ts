import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LaunchError } from '../errors.ts';
import { findOnPath } from './executables.ts';
import { startHelper } from './helper-process.ts';
import { newCookie } from './xauthority.ts';
import { SharedHelper } from './shared-helper.ts';
import { socketAnswers } from './socket-answers.ts';

/** Whether windows have somewhere to go. Only Linux can lack it. */
export const hasDisplay = (): boolean =>
  process.platform !== 'linux' ||
  (process.env['DISPLAY'] ?? '') !== '' ||
  (process.env['WAYLAND_DISPLAY'] ?? '') !== '';

/** A client of X11 that introduces itself: little-endian, protocol 11.0, no authorization. A refusal is an answer too. */
const introduction = Uint8Array.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

const cookieIn = (directory: string): string => join(directory, 'xauthority');

/**
 * A virtual display for browsers that have no headless mode, where there is no real one. It asks for a
 * cookie: otherwise every user of the machine could look at its windows and type into them.
 */
export const xvfb = new SharedHelper(async () => {
  const command = await findOnPath(['Xvfb']);
  if (command === undefined) {
    throw new LaunchError(
      'no-display',
      'This browser needs a display; DISPLAY is not set and Xvfb is not installed. ' +
        'Install it with `apt-get install xvfb` or `npx webrtc-interop install webkitgtk`, or run on a desktop.',
    );
  }
  return startHelper({
    name: 'Xvfb',
    command,
    prepare: (directory) => writeFile(cookieIn(directory), newCookie(), { mode: 0o600 }),
    args: (directory) => [
      '-displayfd',
      '1',
      '-screen',
      '0',
      '1920x1080x24',
      '-noreset',
      '-nolisten',
      'tcp',
      '-auth',
      cookieIn(directory),
    ],
    ready: async ({ directory, said }) => ({
      DISPLAY: `:${(await said).trim()}`,
      XAUTHORITY: cookieIn(directory),
    }),
    answers: ({ DISPLAY = '' }) => socketAnswers(`/tmp/.X11-unix/X${DISPLAY.slice(1)}`, introduction),
  });
});
