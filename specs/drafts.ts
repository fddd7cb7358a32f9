import picomatch from 'picomatch';

/**
 * Scenarios that are written but not yet proven: not run ten times over every pair without a flake, or their faults not
 * seen to turn them red. Only `--drafts` runs them, so that nobody relies on them.
 * A scenario leaves this list when both are done. Restarts were run five times only since their pair has to be new at both
 * ends, what is glare, twenty offers or a bundle policy once or twice. Moves of an address were not run ten times since
 * their fault is there, calls by a relay two to eight times. `tcp-dies` times out in every cell in which Firefox offers, and
 * nobody knows why.
 */
const drafts: string[] = [
  'connection/bundle/stripped',
  'connection/bundle/{balanced,max-bundle,max-compat}-at-*',
  'connection/negotiation/{glare,twenty-offers}-*',
  'connection/path/*-moves',
  'connection/restart/{trickle,without-trickle}',
  'connection/turn/{udp,tcp,none}-with-*',
  'connection/turn/tcp-dies',
  'media/*/*',
  'statistics/*/*',
  'telephony/{able,codec,heard,pace}/*',
  'telephony/keys/{comma,every,long,same,shortest}',
  'telephony/tones/{emptied,replaced}',
];

export const isDraft = picomatch(drafts);
