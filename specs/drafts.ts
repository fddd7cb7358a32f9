import picomatch from 'picomatch';

/**
 * Scenarios that are written but not yet proven: not run ten times over every pair without a flake, or their faults not
 * seen to turn them red. Only `--drafts` runs them, so that nobody relies on them.
 * A scenario leaves this list when both are done. Of those of calls whose address moves, data came back in some cells only;
 * restarts without trickle leave Chromium on an old pair in some; fifteen rounds of glare and twenty offers were run once or
 * twice. Keys that are heard, and levels of received sound, come out otherwise on a machine whose processors are full. Where the first
 * m-line is stopped, data from Chromium to Firefox comes to an end in some cells, and a handover of Chromium's sound does not
 * come to pass in some; why is not known of either. What becomes of a connection that no script holds depends on what
 * the browser collects, which no page can see to.
 */
const drafts: string[] = [
  'connection/handover/media',
  'connection/negotiation/{glare,twenty-offers}-*',
  'connection/path/*-moves',
  'connection/restart/without-trickle',
  'connection/state/{unheld,held-by-channel}-*',
  'media/transceiver/{first-line-again,first-line-again-with-sound}',
  'statistics/sound/received',
  'telephony/heard/*',
];

export const isDraft = picomatch(drafts);
