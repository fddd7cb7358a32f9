import { property, wrap } from './wrap.ts';

/** Replaces a track that a connection is given to send with what `make` returns, if anything; the sender shows the original. */
export function replaceSent(make: (track: MediaStreamTrack) => MediaStreamTrack | undefined): void {
  const made = new WeakMap<MediaStreamTrack, MediaStreamTrack>();
  const originals = new WeakMap<MediaStreamTrack, MediaStreamTrack>();
  const sent = (track: unknown): unknown => {
    if (!(track instanceof MediaStreamTrack)) return track;
    const known = made.get(track) ?? make(track);
    if (!known) return track;
    made.set(track, known);
    originals.set(known, track);
    return known;
  };
  wrap(RTCPeerConnection.prototype, 'addTrack', (_, [track, ...streams]: unknown[], add) =>
    add(sent(track), ...streams),
  );
  wrap(RTCPeerConnection.prototype, 'addTransceiver', (_, [track, ...rest]: unknown[], add) =>
    add(sent(track), ...rest),
  );
  wrap(RTCRtpSender.prototype, 'replaceTrack', (_, [track]: unknown[], replace) => replace(sent(track)));
  property(RTCRtpSender.prototype, 'track', {
    get: (_, track) => (track instanceof MediaStreamTrack ? (originals.get(track) ?? track) : track),
  });
}
