import picomatch from 'picomatch';

/**
 * Scenarios that are written but not yet proven: not run ten times over every pair without a flake, or their faults not
 * seen to turn them red. No run has them unless it is told `--drafts`, so that nobody takes their word for anything.
 * A scenario leaves this list when both are done. An ICE restart that Chromium offers to Firefox was seen to end data in 2 of 10 calls on a busy machine: not settled yet.
 */
const drafts: string[] = ['connection/restart/*'];

export const isDraft = picomatch(drafts);
