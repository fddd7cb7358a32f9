import picomatch from 'picomatch';

/**
 * Scenarios that are written but not yet proven: not run ten times over every pair without a flake, or their faults not
 * seen to turn them red. No run has them unless it is told `--drafts`, so that nobody takes their word for anything.
 * A scenario leaves this list when both are done. Restarts were run five times only since their pair has to be new at both ends.
 */
const drafts: string[] = [
  'codecs/negotiation/remote-offer-as-set',
  'codecs/repair/opus-fec',
  'codecs/scalability/temporal-layers-*',
  'codecs/statistics/video',
  'connection/{alone,bundle,dtls,nat,negotiation,network,path,refused,restart,state}/*',
];

export const isDraft = picomatch(drafts);
