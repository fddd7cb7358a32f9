import type { ConnectionSnapshot } from '../protocol/agent.ts';

/** A connection that is up, with a data channel; for tests. */
export const connectedSnapshot: ConnectionSnapshot = {
  signalingState: 'stable',
  iceGatheringState: 'complete',
  iceConnectionState: 'connected',
  connectionState: 'connected',
  dtlsState: 'connected',
  sctpState: 'connected',
  phase: 'assert',
  stats: null,
  statsError: null,
  failure: null,
  failureWasHeard: true,
  descriptions: [],
  events: [],
  idleEdits: [],
};

/** A connection that has not begun to connect, stuck in a phase; for tests. */
export const newSnapshot = (phase: ConnectionSnapshot['phase']): ConnectionSnapshot => ({
  ...connectedSnapshot,
  iceConnectionState: 'new',
  connectionState: 'new',
  dtlsState: null,
  sctpState: null,
  phase,
});
