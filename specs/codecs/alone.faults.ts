import { fault } from '../fault.ts';
import { audioConfigurations, videoConfigurations } from './catalogue.ts';

const alone = videoConfigurations.filter((configuration) => configuration.alone === true);
const asked = [
  ...alone.map(({ id, codec }) => ({ scenario: `codecs/alone-offerer/${id}`, codec })),
  ...alone.map(({ id, codec }) => ({ scenario: `codecs/alone-answerer/${id}`, codec })),
  ...audioConfigurations.map(({ id, codec }) => ({ scenario: `codecs/alone-offerer/${id}`, codec })),
];

for (const { scenario, codec } of asked) {
  fault({
    scenario,
    name: 'the answerer claims no codec to receive',
    on: 'answerer',
    page: () => {
      RTCRtpReceiver.getCapabilities = () => ({ codecs: [], headerExtensions: [] });
    },
    expect: {
      status: 'unsupported',
      phase: 'launch',
      reason: new RegExp(`answerer chromium has no codec:${codec}:receive`),
    },
  });
}

for (const [group, on] of [
  ['alone-offerer', 'offerer'],
  ['alone-answerer', 'answerer'],
] as const) {
  fault({
    scenario: `codecs/${group}/vp8`,
    name: `the ${on} leaves every codec in`,
    on,
    page: () => {
      RTCRtpTransceiver.prototype.setCodecPreferences = () => undefined;
    },
    expect: { status: 'fail', phase: 'assert', reason: /the number of codecs in the answer/ },
    timeoutMs: 12_000,
  });
}

fault({
  scenario: 'codecs/alone-offerer/vp8',
  name: 'the offer has feedback for a payload type that it does not list',
  on: 'offerer',
  page: (kit) =>
    kit.rewriteSdp({ at: 'said' }, (sdp) => sdp.replace(/^(a=rtpmap:.*)$/m, '$1\r\na=rtcp-fb:77 nack')),
  expect: {
    status: 'fail',
    phase: 'sdp',
    reason: /Failed to parse codecs.*a=rtcp-fb:77 nack \(m=video does not list 77\)/s,
  },
});
