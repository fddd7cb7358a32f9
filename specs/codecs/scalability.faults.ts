/* oxlint-disable typescript/unbound-method -- a fault calls what it replaces by Reflect.apply, with its own `this` */
import { scalabilityOnPaper } from '../breakages/senders.ts';
import { fault } from '../fault.ts';
import { scalableCodecs, scalabilityModes } from './catalogue.ts';

for (const { id, codec } of scalableCodecs) {
  for (const { id: modeId, mode } of scalabilityModes) {
    fault({
      scenario: `codecs/scalability/${id}-${modeId}`,
      name: 'the offerer says yes to any mode, one that nobody knows included',
      on: 'offerer',
      page: () => {
        const info = { supported: true, smooth: true, powerEfficient: true };
        MediaCapabilities.prototype.encodingInfo = (configuration) =>
          Promise.resolve({ ...info, configuration });
      },
      expect: {
        status: 'unsupported',
        phase: 'launch',
        reason: new RegExp(`offerer chromium has no scalability:${codec}:${mode}`),
      },
    });
  }
}

fault({
  scenario: 'codecs/scalability/vp9-l3t3',
  name: 'the mode is left out',
  on: 'offerer',
  page: () => {
    const { addTransceiver } = RTCPeerConnection.prototype;
    RTCPeerConnection.prototype.addTransceiver = function (track, init) {
      return Reflect.apply(addTransceiver, this, [track, { ...init, sendEncodings: [] }]);
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /the mode that getParameters names/ },
});

fault({
  scenario: 'codecs/scalability/h264-l1t3',
  name: 'another mode is sent than the parameters say',
  on: 'offerer',
  page: () => {
    const { addTransceiver } = RTCPeerConnection.prototype;
    const { getParameters } = RTCRtpSender.prototype;
    const withMode = (encodings: RTCRtpEncodingParameters[] = [], scalabilityMode: string) =>
      encodings.map((encoding) => ({ ...encoding, scalabilityMode }));
    RTCPeerConnection.prototype.addTransceiver = function (track, init) {
      const sendEncodings = withMode(init?.sendEncodings, 'L1T2');
      return Reflect.apply(addTransceiver, this, [track, { ...init, sendEncodings }]);
    };
    RTCRtpSender.prototype.getParameters = function () {
      const parameters = Reflect.apply(getParameters, this, []);
      return { ...parameters, encodings: withMode(parameters.encodings, 'L1T3') };
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /the mode that outbound-rtp names/ },
});

fault({
  scenario: 'codecs/scalability/av1-l3t3',
  name: 'the largest layer is not sent',
  on: 'offerer',
  page: () => {
    const { addTransceiver } = RTCPeerConnection.prototype;
    RTCPeerConnection.prototype.addTransceiver = function (track, init) {
      const sendEncodings = [{ ...init?.sendEncodings?.[0], scaleResolutionDownBy: 2 }];
      return Reflect.apply(addTransceiver, this, [track, { ...init, sendEncodings }]);
    };
  },
  expect: { status: 'timeout', phase: 'media', reason: /a readable picture of 960×540.*480×270/s },
});

for (const { id } of scalableCodecs) {
  fault({
    scenario: `codecs/scalability/temporal-layers-${id}`,
    name: 'the mode is named everywhere and not used',
    on: 'offerer',
    page: scalabilityOnPaper,
    arg: {},
    expect: {
      status: 'fail',
      phase: 'assert',
      reason: /the temporal layers of the frames that arrived/,
    },
  });
}
