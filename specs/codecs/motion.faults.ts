import { fault } from '../fault.ts';

for (const name of ['size-1280x720', 'size-odd', 'size-64x48']) {
  fault({
    scenario: `codecs/motion/${name}`,
    name: 'the sender keeps its first track',
    on: 'offerer',
    page: () => {
      RTCRtpSender.prototype.replaceTrack = () => Promise.resolve();
    },
    expect: { status: 'timeout', phase: 'media', reason: /a readable picture of \d+×\d+.*320×240/s },
    timeoutMs: 8000,
  });
}
