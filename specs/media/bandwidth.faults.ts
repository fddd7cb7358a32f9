import { ignoreEncoding } from '../breakages/senders.ts';
import { changeParameter, rewriteLines } from '../breakages/sdp.ts';
import { gaps } from '../breakages/sound.ts';
import { fault } from '../fault.ts';
import type { Kit } from '../kit/kit.ts';

const timeoutMs = 15_000;
const tooMuch = {
  status: 'timeout',
  phase: 'media',
  reason: /1 s with more than 0 and less than 140000 bits/,
} as const;

/** A limit stays in force after it is taken back. */
const limitStays = (kit: Kit, { member }: { member: 'maxBitrate' | 'maxFramerate' }) => {
  const limits = new WeakMap<RTCRtpSender, number>();
  kit.wrap(
    RTCRtpSender.prototype,
    'setParameters',
    (sender, [parameters, ...options]: [RTCRtpSendParameters, ...unknown[]], set) => {
      const limit = parameters.encodings[0]?.[member];
      if (limit !== undefined) limits.set(sender, limit);
      const kept = limits.get(sender);
      if (limit !== undefined || kept === undefined) return set(parameters, ...options);
      kit.bit();
      const encodings = parameters.encodings.map((encoding) => ({ ...encoding, [member]: kept }));
      return set({ ...parameters, encodings }, ...options);
    },
  );
};

fault({
  scenario: 'media/bandwidth/max-bitrate-taken-back',
  name: 'maxBitrate is ignored',
  on: 'offerer',
  page: ignoreEncoding,
  arg: { member: 'maxBitrate' },
  expect: tooMuch,
  timeoutMs: 10_000,
});

fault({
  scenario: 'media/bandwidth/max-bitrate-taken-back',
  name: 'the limit stays',
  on: 'offerer',
  page: limitStays,
  arg: { member: 'maxBitrate' },
  expect: { status: 'timeout', phase: 'media', reason: /1 s with more than 200000/ },
  timeoutMs,
});

fault({
  scenario: 'media/bandwidth/max-framerate-taken-back',
  name: 'maxFramerate is ignored',
  on: 'offerer',
  page: ignoreEncoding,
  arg: { member: 'maxFramerate' },
  expect: { status: 'timeout', phase: 'media', reason: /a second of at most 7 frames/ },
  timeoutMs: 10_000,
});

fault({
  scenario: 'media/bandwidth/max-framerate-taken-back',
  name: 'the limit stays',
  on: 'offerer',
  page: limitStays,
  arg: { member: 'maxFramerate' },
  expect: { status: 'timeout', phase: 'media', reason: /a second of at least 12 frames/ },
  timeoutMs,
});

for (const [name, type, from] of [
  ['b-as', 'answer', 'b=AS:.*\r\n'],
  ['b-as-offered', 'offer', 'b=AS:.*\r\n'],
  ['b-tias', 'answer', 'b=TIAS:.*\r\n'],
  ['b-tias-offered', 'offer', 'b=TIAS:.*\r\n'],
  ['x-google-max-bitrate', 'answer', ';?x-google-max-bitrate=\\d+'],
] as const) {
  const scenario = `media/bandwidth/${name}`;
  fault({
    scenario,
    name: `the limit of the ${type} is not read`,
    on: 'offerer',
    page: rewriteLines,
    arg: { at: 'heard', type, from },
    expect: tooMuch,
    timeoutMs: 10_000,
  });
  fault({
    scenario,
    name: `the limit of an earlier ${type} stays`,
    on: 'offerer',
    page: (kit, { type, pattern }) => {
      let limited = '';
      kit.rewriteSdp({ at: 'heard', type }, (sdp) => {
        if (new RegExp(pattern).test(sdp)) limited = sdp;
        return limited === '' ? sdp : limited;
      });
    },
    arg: { type, pattern: from },
    expect: { status: 'timeout', phase: 'media', reason: /1 s with more than 200000/ },
    timeoutMs,
  });
}

fault({
  scenario: 'media/bandwidth/limited-path',
  name: 'the sender sends as much as before',
  on: 'offerer',
  page: (kit) =>
    kit.rewriteSdp({ at: 'heard', type: 'answer' }, (sdp) =>
      sdp.replaceAll(/x-google-start-bitrate=\d+/g, '$&;x-google-min-bitrate=500'),
    ),
  expect: { status: 'fail', phase: 'assert', reason: /bits sent on the limited path/ },
  timeoutMs: 30_000,
});

fault({
  scenario: 'media/bandwidth/limited-path',
  name: 'who has sent less never sends more again',
  on: 'offerer',
  page: (kit) =>
    kit.wrap(
      RTCPeerConnection.prototype,
      'setRemoteDescription',
      async (pc, args: unknown[], set: (...args: readonly unknown[]) => unknown) => {
        await set(...args);
        let most = 0;
        const timer = setInterval(() => {
          void pc.getStats().then((report) => {
            const entries: Iterable<RTCOutboundRtpStreamStats> = report.values();
            const video = [...entries].find(({ type, kind }) => type === 'outbound-rtp' && kind === 'video');
            const target = video?.targetBitrate ?? 0;
            most = Math.max(most, target);
            const sender = pc.getSenders().find(({ track }) => track?.kind === 'video');
            if (!sender || most < 260_000 || target > 200_000) return;
            kit.bit();
            clearInterval(timer);
            const parameters = sender.getParameters();
            for (const encoding of parameters.encodings) encoding.maxBitrate = 150_000;
            void sender.setParameters(parameters);
          });
        }, 200);
      },
    ),
  expect: { status: 'timeout', phase: 'media', reason: /2 s with more than 208000/ },
  timeoutMs: 40_000,
});

fault({
  scenario: 'media/bandwidth/sound-on-limited-path',
  name: 'sound gaps for a second of three',
  on: 'answerer',
  page: gaps,
  arg: { place: 'heard', everyMs: 3000, silentMs: 1000 },
  expect: { status: 'fail', phase: 'assert', reason: /silence/ },
  timeoutMs: 40_000,
});

fault({
  scenario: 'media/bandwidth/priority',
  name: 'the priority is ignored',
  on: 'offerer',
  page: ignoreEncoding,
  arg: { member: 'priority' },
  expect: { status: 'fail', phase: 'assert', reason: /what the high priority has of what the low one has/ },
  timeoutMs,
});

for (const [preference, status, phase, reason] of [
  ['maintain-framerate', 'timeout', 'media', /a readable picture of at most 320 pixels a line/],
  ['maintain-resolution', 'fail', 'assert', /sizes of the picture/],
] as const) {
  fault<RTCDegradationPreference>({
    scenario: `media/bandwidth/${preference}`,
    name: 'the other preference holds',
    on: 'offerer',
    page: (kit, other) =>
      kit.wrap(
        RTCRtpSender.prototype,
        'setParameters',
        (_, [parameters, ...options]: [RTCRtpSendParameters, ...unknown[]], set) => {
          kit.bit();
          return set({ ...parameters, degradationPreference: other }, ...options);
        },
      ),
    arg: preference === 'maintain-framerate' ? 'maintain-resolution' : 'maintain-framerate',
    expect: { status, phase, reason },
    timeoutMs: 25_000,
  });
}

fault({
  scenario: 'media/bandwidth/x-google-min-bitrate',
  name: 'the parameter is not read',
  on: 'offerer',
  page: changeParameter,
  arg: { at: 'heard', type: 'answer', name: 'x-google-min-bitrate' },
  expect: { status: 'fail', phase: 'assert', reason: /bits sent on the limited path/ },
  timeoutMs: 30_000,
});

fault({
  scenario: 'media/bandwidth/x-google-start-bitrate',
  name: 'the parameter is not read',
  on: 'offerer',
  page: changeParameter,
  arg: { at: 'heard', type: 'answer', name: 'x-google-start-bitrate' },
  expect: { status: 'fail', phase: 'assert', reason: /bitrate at the beginning/ },
  timeoutMs,
});

fault({
  scenario: 'media/bandwidth/network-priority',
  name: 'what an encoding is added with is ignored',
  on: 'offerer',
  page: ignoreEncoding,
  arg: { member: 'networkPriority', lies: false },
  expect: { status: 'fail', phase: 'assert', reason: /the priorities after negotiating/ },
  timeoutMs,
});

fault({
  scenario: 'media/bandwidth/network-priority',
  name: 'what is set mid-call is ignored',
  on: 'offerer',
  page: (kit) =>
    kit.wrap(
      RTCRtpSender.prototype,
      'setParameters',
      (sender: RTCRtpSender, args: [RTCRtpSendParameters, ...unknown[]], set) => {
        // the probe asks a sender that no call has
        if (sender.transport === null) return set(...args);
        kit.bit();
        return Promise.resolve();
      },
    ),
  expect: { status: 'fail', phase: 'assert', reason: /the priorities that were set mid-call/ },
  timeoutMs,
});
