import { fault } from '../fault.ts';

const scenario = 'media/association/removed-added-again';

fault({
  scenario,
  name: 'the track comes with another stream of the same id',
  on: 'answerer',
  pair: ['firefox', 'firefox'],
  page: (kit) => {
    const changed = new WeakSet<Event>();
    kit.onEvent({ on: 'RTCPeerConnection', type: 'track' }, ({ event, nth, deliver }) => {
      if (nth === 2 && event instanceof RTCTrackEvent && !changed.has(event)) {
        changed.add(event);
        const other = Object.defineProperty(new MediaStream([event.track]), 'id', {
          value: event.streams[0]?.id,
        });
        Object.defineProperty(event, 'streams', { value: [other] });
        kit.bit();
      }
      deliver();
    });
  },
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /whether that stream is the MediaStream of before: expected false/,
  },
  timeoutMs: 10_000,
});

fault({
  scenario,
  name: 'the track stays in its stream when it is removed',
  on: 'answerer',
  page: (kit) =>
    kit.wrap(
      MediaStream.prototype,
      'getTracks',
      (_, args: unknown[], get: (...args: readonly unknown[]) => MediaStreamTrack[]) => {
        const tracks = get(...args);
        if (tracks.length > 0) return tracks;
        kit.bit();
        return document.createElement('canvas').captureStream().getVideoTracks();
      },
    ),
  expect: { status: 'fail', phase: 'assert', reason: /tracks that the stream has once its track is removed/ },
  timeoutMs: 10_000,
});
