import picomatch from 'picomatch';

/**
 * Scenarios that are written but not yet proven: not run ten times over every pair without a flake, or their faults not
 * seen to turn them red. Only `--drafts` runs them, so that nobody relies on them.
 * A scenario leaves this list when both are done. What becomes of a connection that no script holds depends on what the browser
 * collects: no page brought Firefox to collect closed connections in 40 s. Of narrow paths and what is
 * preferred on them: `priority` and `x-google-*` had ten runs of each pair with nothing unexpected, but passed only at the second
 * look in 4 of 125, with more than 20 processes for each core; the others wait for their runs.
 * Names of hidden addresses are found by multicast, which no run sends by default: those scenarios are for a network
 * namespace of their own.
 */
const drafts: string[] = [
  'connection/candidate/mdns-of-*',
  'connection/state/{unheld,held-by-channel}-*',
  'media/bandwidth/{priority,maintain-framerate,maintain-resolution}',
  'media/bandwidth/{limited-path,sound-on-limited-path,network-priority}',
  'media/bandwidth/x-google-{min,start}-bitrate',
];

export const isDraft = picomatch(drafts);
