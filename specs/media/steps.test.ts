import { expect } from 'chai';
import { mLinesOf } from './steps.ts';

describe('the m-lines of a description', () => {
  it('are refused where their port is 0, unless they are bundle-only', () => {
    const sdp = [
      'v=0',
      'a=group:BUNDLE 1 2',
      'm=audio 0 UDP/TLS/RTP/SAVPF 111',
      'a=mid:0',
      'm=video 0 UDP/TLS/RTP/SAVPF 96',
      'a=bundle-only',
      'a=mid:1',
      'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
      'a=mid:2',
      '',
    ].join('\r\n');
    expect(mLinesOf(sdp)).to.deep.equal([
      { kind: 'audio', mid: '0', isRefused: true },
      { kind: 'video', mid: '1', isRefused: false },
      { kind: 'application', mid: '2', isRefused: false },
    ]);
  });
});
