import type { Kit } from '../kit/kit.ts';

/** Everything that happens to connections, channels and tracks happens late: all of their events. */
export const everythingLate = (kit: Kit, { ms }: { ms: number }) => {
  const places = [
    [
      'RTCPeerConnection',
      ['datachannel', 'track', 'icecandidate', 'connectionstatechange', 'negotiationneeded'],
    ],
    ['RTCDataChannel', ['open', 'message', 'close', 'closing', 'bufferedamountlow']],
    ['MediaStreamTrack', ['mute', 'unmute', 'ended']],
    ['RTCDTMFSender', ['tonechange']],
  ] as const;
  for (const [on, types] of places) for (const type of types) kit.delayEvent({ on, type }, ms);
};

/** What changes a call midway takes effect late, although its promise says that it is done. */
export const changesLate = (kit: Kit, { ms }: { ms: number }) => {
  for (const name of ['replaceTrack', 'setParameters'] as const) {
    kit.wrap(RTCRtpSender.prototype, name, (_, args: unknown[], call) => {
      kit.bit();
      setTimeout(() => void call(...args), ms);
      return Promise.resolve();
    });
  }
};
