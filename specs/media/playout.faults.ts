import { startedLate } from '../breakages/sound.ts';
import { fault } from '../fault.ts';

for (const [name, reason, ignored] of [
  ['a target is kept and not used', /a picture that is 640 ms late/, 'every'],
  ['a target that is taken back is used all the same', /a picture that is at most 300 ms late/, 'null'],
] as const) {
  fault({
    scenario: 'media/playout/jitter-buffer-target',
    name,
    on: 'answerer',
    page: (kit, which) => {
      kit.property(RTCRtpReceiver.prototype, 'jitterBufferTarget', {
        set(_, value, write) {
          if (which === 'every' || value === null) kit.bit();
          else write(value);
        },
      });
    },
    arg: ignored,
    expect: { status: 'timeout', phase: 'media', reason },
    timeoutMs: 12_000,
  });
}

fault({
  scenario: 'media/playout/jitter-buffer-target-range',
  name: 'every target is taken, as far as it goes',
  on: 'answerer',
  page: (kit) => {
    kit.property(RTCRtpReceiver.prototype, 'jitterBufferTarget', {
      set(_, value, write) {
        kit.bit();
        write(typeof value === 'number' ? Math.min(4000, Math.max(0, value)) : value);
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /what came of targets/ },
});

for (const [kinds, name, lie, reason] of [
  [['audio', 'video'], 'the source is another one', 'source', /synchronization sources/],
  [
    ['audio', 'video'],
    'its time counts from when the page began',
    'timestamp',
    /youngest of the sources when asked/,
  ],
  [
    ['audio', 'video'],
    'its packets have a clock of milliseconds',
    'rtpTimestamp',
    /clock of the packets against the clock of the page/,
  ],
  [['audio'], 'its level is in decibels', 'audioLevel', /level of the tone/],
] as const) {
  for (const kind of kinds) {
    fault({
      scenario: `media/playout/sources-${kind}`,
      name,
      on: 'answerer',
      page: (kit, member) => {
        kit.wrap(
          RTCRtpReceiver.prototype,
          'getSynchronizationSources',
          (_, args: unknown[], call: (...args: unknown[]) => RTCRtpSynchronizationSource[]) =>
            call(...args).map((source) => {
              const lies = {
                source: source.source + 1,
                timestamp: source.timestamp - performance.timeOrigin,
                rtpTimestamp: Math.round(source.timestamp) % 2 ** 32,
                audioLevel: 15,
              };
              kit.bit();
              return { ...source, [member]: lies[member] };
            }),
        );
      },
      arg: lie,
      expect: { status: 'fail', phase: 'assert', reason },
    });
  }
}

for (const [name, changed, forgotten, reason] of [
  ['each frame has the size of the element', { width: 300, height: 150 }, [], /sizes/],
  ['frames have no rtpTimestamp', {}, ['rtpTimestamp'], /frames with an rtpTimestamp/],
  ['rtpTimestamp stands still', { rtpTimestamp: 90_000 }, [], /rtpTimestamp against the clock/],
  ['presentedFrames stands still', { presentedFrames: 1 }, [], /whether presentedFrames rises/],
] as const) {
  fault<{ changed: Partial<VideoFrameCallbackMetadata>; forgotten: readonly string[] }>({
    scenario: 'media/playout/frame-metadata',
    name,
    on: 'answerer',
    page: (kit, lie) => {
      kit.wrap(
        HTMLVideoElement.prototype,
        'requestVideoFrameCallback',
        (_, [callback]: [VideoFrameRequestCallback], call) =>
          call((now: number, said: VideoFrameCallbackMetadata) => {
            const told: VideoFrameCallbackMetadata = { ...said, ...lie.changed };
            for (const member of lie.forgotten) Reflect.deleteProperty(told, member);
            kit.bit();
            callback(now, told);
          }),
      );
    },
    arg: { changed, forgotten },
    expect: { status: 'fail', phase: 'assert', reason },
    // forty frames, beside others
    timeoutMs: 15_000,
  });
}

fault({
  scenario: 'media/playout/lip-sync-under-jitter',
  name: 'the beep comes 400 ms after its flash',
  on: 'offerer',
  page: startedLate,
  arg: { ms: 400 },
  expect: {
    status: 'timeout',
    phase: 'media',
    reason: /sound and picture in step.*sound (?:-?\d+, )*-?[345]\d\d/s,
  },
  timeoutMs: 10_000,
});
