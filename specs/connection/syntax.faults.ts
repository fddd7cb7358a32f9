import { rewriteText } from '../breakages/data.ts';
import { refuse } from '../breakages/sdp.ts';
import { fault } from '../fault.ts';

for (const [name, on, type] of [
  ['rtcp-mux-absent', 'answerer', 'offer'],
  ['rtcp-mux-refused', 'offerer', 'answer'],
] as const) {
  fault({
    scenario: `connection/bundle/${name}`,
    name: 'it is taken as if it were there',
    on,
    page: (kit, heard) =>
      kit.rewriteSdp({ at: 'heard', type: heard }, (sdp) =>
        sdp.includes('a=rtcp-mux\r\n') ? sdp : sdp.replaceAll(/^a=mid:.*\r\n/gm, '$&a=rtcp-mux\r\n'),
      ),
    arg: type,
    expect: {
      status: 'fail',
      phase: 'assert',
      reason: /what setRemoteDescription throws: expected 'nothing'/,
    },
  });
}

for (const name of ['first-line-refused', 'first-line-refused-trickle']) {
  fault({
    scenario: `connection/bundle/${name}`,
    name: 'the codec is known after all',
    on: 'answerer',
    page: (kit) =>
      kit.rewriteSdp({ at: 'heard', type: 'offer' }, (sdp) => sdp.replace('X-NOBODY/48000', 'opus/48000/2')),
    expect: { status: 'fail', phase: 'assert', reason: /the m-lines of the answer: .*'audio taken'/ },
  });

  fault({
    scenario: `connection/bundle/${name}`,
    name: 'what goes by the other m-line comes changed',
    on: 'answerer',
    page: rewriteText,
    arg: { from: '^from the answerer$', to: 'from nowhere' },
    expect: { status: 'fail', phase: 'assert', reason: /what the offerer received: .*from nowhere/ },
  });
}

for (const [name, profile, today] of [
  ['old-profile-rtp-avp', ' RTP/AVP ', ' UDP/TLS/RTP/SAVPF '],
  ['old-profile-rtp-savpf', ' RTP/SAVPF ', ' UDP/TLS/RTP/SAVPF '],
  ['old-profile-dtls-sctp', ' DTLS/SCTP ', ' UDP/DTLS/SCTP '],
  ['old-sctpmap', ' DTLS/SCTP 5000', ' UDP/DTLS/SCTP webrtc-datachannel'],
] as const) {
  fault({
    scenario: `connection/bundle/${name}`,
    name: "it is answered by today's profile",
    on: 'answerer',
    page: (kit, [from, to]) =>
      kit.rewriteSdp({ at: 'said', type: 'answer' }, (sdp) => sdp.replaceAll(from, to)),
    arg: [profile, today] as const,
    expect: { status: 'fail', phase: 'assert', reason: /the profile of the answer/ },
  });

  fault({
    scenario: `connection/bundle/${name}`,
    name: 'it is refused',
    on: 'answerer',
    page: refuse,
    arg: { containing: profile },
    expect: { status: 'fail', phase: 'sdp', reason: /seen at the answerer .*cannot be read/ },
  });
}
