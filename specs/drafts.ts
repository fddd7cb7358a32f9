import picomatch from 'picomatch';

/**
 * Scenarios that are written but not yet proven: not run ten times over every pair without a flake, or their faults not
 * seen to turn them red. Only `--drafts` runs them, so that nobody relies on them.
 * A scenario leaves this list when both are done. Names of hidden addresses are found by multicast, which no run sends by
 * default: those scenarios are for a network namespace of their own. Glare with RTX comes out in another way from call to call
 * between Chromium and Firefox.
 */
const drafts: string[] = [
  'connection/candidate/mdns-of-*',
  'connection/negotiation/glare-with-rtx-*',
  'media/hint/*',
  'media/screen/{hint-motion,hint-detail,window-closed}',
  'media/bandwidth/{maintain-framerate,maintain-resolution,limited-path,sound-on-limited-path}',
];

export const isDraft = picomatch(drafts);
