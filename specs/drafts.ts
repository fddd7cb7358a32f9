import picomatch from 'picomatch';

/**
 * Scenarios that are written but not yet proven: not run ten times over every pair without a flake, or their faults not
 * seen to turn them red. No run has them unless it is told `--drafts`, so that nobody takes their word for anything.
 * A scenario leaves this list when both are done. Restarts were run five times only since their pair has to be new at both
 * ends, what is glare, twenty offers or a bundle policy once or twice; a move of an address has no fault.
 */
const drafts: string[] = [
  'codecs/negotiation/remote-offer-as-set',
  'codecs/repair/opus-fec',
  'codecs/scalability/temporal-layers-*',
  'codecs/statistics/video',
  'connection/bundle/stripped',
  'connection/bundle/{balanced,max-bundle,max-compat}-at-*',
  'connection/negotiation/{glare,twenty-offers}-*',
  'connection/path/*-moves',
  'connection/restart/{trickle,without-trickle}',
  'statistics/*/*',
  'telephony/{able,codec,heard,pace}/*',
  'telephony/keys/{comma,every,long,same,shortest}',
  'telephony/tones/{emptied,replaced}',
];

export const isDraft = picomatch(drafts);
