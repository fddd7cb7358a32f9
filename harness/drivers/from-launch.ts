import type { PeerEngine } from '../config/browsers.ts';

/**
 * Texts in the command lines of processes of which a browser has exactly one from its launch on: a younger one replaces one
 * that ended, which Chromium 156 neither prints nor tells a driver. The network service is not among them: pages lose their
 * sockets with it, and are gone.
 */
export const fromLaunch: Readonly<Record<PeerEngine, readonly string[]>> = {
  chromium: ['--type=gpu-process'],
  gecko: [],
  webkit: [],
  library: [],
};
