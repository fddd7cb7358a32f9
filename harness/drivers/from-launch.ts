import type { Engine } from '../config/browsers.ts';

/**
 * What a process has in its command line of which a browser has exactly one from its launch on: one that is younger
 * stands in for one that ended. Chromium 156 neither prints it nor tells a driver. Its network service is not among them:
 * pages lose their sockets with it, and are gone.
 */
export const fromLaunch: Readonly<Record<Engine, readonly string[]>> = {
  chromium: ['--type=gpu-process'],
  gecko: [],
  webkit: [],
};
