/* oxlint-disable typescript/unbound-method -- a fault calls what it replaces by Reflect.apply, with its own `this` */
import { fault } from '../fault.ts';

fault({
  scenario: 'codecs/inventory/every-claimed-codec-has-a-scenario',
  name: 'a codec is claimed that nobody has heard of',
  on: 'single',
  page: () => {
    const { getCapabilities } = RTCRtpSender;
    RTCRtpSender.getCapabilities = (kind) => {
      const claimed = Reflect.apply(getCapabilities, RTCRtpSender, [kind]);
      claimed?.codecs.push({ mimeType: 'video/VP10', clockRate: 90_000 });
      return claimed;
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /claimed codecs that no scenario asks about.*VP10/s },
});
