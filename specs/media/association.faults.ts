import { missing } from '../breakages/events.ts';
import { addTrackWrongly } from '../breakages/senders.ts';
import { failing } from '../breakages/states.ts';
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

for (const [what, kind, expected] of [
  ['pictures', 'video', { status: 'fail', phase: 'assert', reason: /the size of the picture/ }],
  ['tones', 'audio', { status: 'timeout', phase: 'media', reason: /a tone of (?:440|700) Hz/ }],
] as const) {
  fault({
    scenario: 'media/association/several',
    name: `two ${what} have swapped their streams`,
    on: 'offerer',
    page: (kit, { of }: { of: string }) =>
      kit.rewriteSdp({ at: 'said', type: 'offer' }, (sdp) => {
        const [one = '', other = ''] = sdp
          .split(/^(?=m=)/m)
          .filter((section) => section.startsWith(`m=${of}`))
          .map((section) => /^a=msid:(\S+)/m.exec(section)?.[1]);
        return sdp.replaceAll(new RegExp(`${one}|${other}`, 'g'), (id) => (id === one ? other : one));
      }),
    arg: { of: kind },
    expect: expected,
    timeoutMs: 12_000,
  });
}

fault({
  scenario: 'media/association/several',
  name: 'a track is not announced',
  on: 'answerer',
  page: missing,
  arg: { on: 'RTCPeerConnection', type: 'track', nth: 2 },
  expect: { status: 'fail', phase: 'assert', reason: /the place of the second video among the tracks/ },
  timeoutMs: 10_000,
});

fault({
  scenario: 'media/association/shared-stream',
  name: 'a track has one stream at most',
  on: 'offerer',
  page: (kit) =>
    kit.rewriteSdp({ at: 'said', type: 'offer' }, (sdp) =>
      sdp.replaceAll(/^(a=msid:.*\r\n)a=msid:.*\r\n/gm, '$1'),
    ),
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /the tracks that were announced, each with its streams/,
  },
  timeoutMs: 10_000,
});

fault({
  scenario: 'media/association/streams-in-order',
  name: 'the streams come in the opposite order',
  on: 'answerer',
  page: (kit) =>
    kit.onEvent({ on: 'RTCPeerConnection', type: 'track' }, ({ event, deliver }) => {
      if (event instanceof RTCTrackEvent && !Object.hasOwn(event, 'streams')) {
        Object.defineProperty(event, 'streams', { value: event.streams.toReversed() });
        kit.bit();
      }
      deliver();
    }),
  expect: { status: 'fail', phase: 'assert', reason: /the streams that the track was announced with/ },
  timeoutMs: 10_000,
});

fault({
  scenario: 'media/association/same-track-twice',
  name: 'the track is taken again, as a clone',
  on: 'offerer',
  page: (kit) =>
    kit.wrap(
      RTCPeerConnection.prototype,
      'addTrack',
      (_, [track, ...streams]: [MediaStreamTrack, ...unknown[]], add) => {
        try {
          return add(track, ...streams);
        } catch {
          kit.bit();
          return add(track.clone(), ...streams);
        }
      },
    ),
  expect: { status: 'fail', phase: 'assert', reason: /what addTrack throws the second time/ },
  timeoutMs: 10_000,
});

for (const [when, expected] of [
  ['at-once', { status: 'timeout', phase: 'media', reason: /a video track from the other side/ }],
  ['later', { status: 'fail', phase: 'assert', reason: /transceivers and m-lines of the offerer/ }],
] as const) {
  fault({
    scenario: `media/association/taken-up-${when}`,
    name: 'addTrack makes an m-line of its own',
    on: 'answerer',
    page: (kit) =>
      kit.wrap(
        RTCPeerConnection.prototype,
        'addTrack',
        (pc, [track, ...streams]: [MediaStreamTrack, ...MediaStream[]]) => {
          kit.bit();
          return pc.addTransceiver(track, { direction: 'sendonly', streams }).sender;
        },
      ),
    expect: expected,
    timeoutMs: 6000,
  });
}

fault({
  scenario: 'media/association/set-streams',
  name: 'setStreams is ignored',
  on: 'offerer',
  page: failing,
  arg: { on: 'RTCRtpSender', name: 'setStreams', how: 'nothing', gives: 'undefined' },
  expect: { status: 'timeout', phase: 'media', reason: /a video track from the other side/ },
  timeoutMs: 6000,
});

fault({
  scenario: 'media/association/set-streams',
  name: 'the track stays in the stream that it leaves',
  on: 'answerer',
  page: (kit) => {
    const held = new WeakMap<MediaStream, MediaStreamTrack[]>();
    kit.wrap(
      MediaStream.prototype,
      'getTracks',
      (stream, args: unknown[], get: (...args: readonly unknown[]) => MediaStreamTrack[]) => {
        const tracks = get(...args);
        const all = [...new Set([...(held.get(stream) ?? []), ...tracks])];
        held.set(stream, all);
        if (all.length !== tracks.length) kit.bit();
        return all;
      },
    );
    kit.onEvent({ on: 'RTCPeerConnection', type: 'track' }, ({ event, deliver }) => {
      if (event instanceof RTCTrackEvent) for (const stream of event.streams) stream.getTracks();
      deliver();
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /tracks of the old stream/ },
  timeoutMs: 10_000,
});

for (const [kind, reason] of [
  ['video', /3 new frames/],
  ['audio', /a tone of 700 Hz/],
] as const) {
  fault({
    scenario: `media/association/sent-back-${kind}`,
    name: 'nothing is in what is sent back',
    on: 'answerer',
    page: addTrackWrongly,
    arg: { how: 'disabled' },
    expect: { status: 'timeout', phase: 'media', reason },
    timeoutMs: 8000,
  });
}

fault({
  scenario: 'media/association/sent-back-video',
  name: 'another picture is sent back',
  on: 'answerer',
  page: (kit) =>
    kit.wrap(RTCPeerConnection.prototype, 'addTrack', (_, [, ...streams]: unknown[], add) => {
      const canvas = document.createElement('canvas');
      const context = canvas.getContext('2d');
      setInterval(() => context?.fillRect(0, 0, canvas.width, canvas.height), 50);
      kit.bit();
      return add(canvas.captureStream().getVideoTracks()[0], ...streams);
    }),
  expect: { status: 'timeout', phase: 'media', reason: /3 new frames/ },
  timeoutMs: 8000,
});
