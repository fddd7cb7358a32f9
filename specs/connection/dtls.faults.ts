import { missing } from '../breakages/events.ts';
import { claimed } from '../breakages/statistics.ts';
import { fault } from '../fault.ts';

for (const [offered, heard] of [
  ['actpass', 'active'],
  ['active', 'passive'],
  ['passive', 'active'],
] as const) {
  fault({
    scenario: `connection/dtls/offered-${offered}`,
    name: `the answerer hears setup:${heard}`,
    on: 'answerer',
    page: (kit, becomes) =>
      kit.rewriteSdp({ at: 'heard', type: 'offer' }, (sdp) => sdp.replaceAll(/^a=setup:.*$/gm, becomes)),
    arg: `a=setup:${heard}`,
    expect: { status: 'fail', phase: 'assert', reason: /what the answerer says of setup/ },
  });
}

for (const [side, other, heard] of [
  ['offerer', 'answerer', 'active'],
  ['answerer', 'offerer', 'passive'],
] as const) {
  fault({
    scenario: `connection/dtls/${side}-re-offers`,
    name: `the ${other} hears the role that it has itself in a later offer`,
    on: other,
    page: (kit, becomes) =>
      kit.rewriteSdp({ at: 'heard', type: 'offer' }, (sdp, _, pc) =>
        pc.remoteDescription === null ? sdp : sdp.replaceAll(/^a=setup:.*$/gm, becomes),
      ),
    arg: `a=setup:${heard}`,
    expect: { status: 'fail', phase: 'sdp', reason: new RegExp(`seen at the ${other} .*negotiated role`) },
  });

  fault({
    scenario: `connection/dtls/wrong-fingerprint-of-${side}`,
    name: `the ${other} does not check it`,
    on: 'both',
    page: (kit) => {
      // what was said before the scenario's edit is kept in a line of its own
      kit.rewriteSdp({ at: 'said' }, (sdp) =>
        sdp.replaceAll(/^a=fingerprint:(.*)$/gm, '$&\r\na=right-fingerprint:$1'),
      );
      kit.rewriteSdp({ at: 'heard' }, (sdp) =>
        sdp.replaceAll(/^a=fingerprint:.*\r\n/gm, '').replaceAll(/^a=right-fingerprint:/gm, 'a=fingerprint:'),
      );
    },
    expect: {
      status: 'timeout',
      phase: 'dtls',
      reason: /connectionState to be failed; last seen: connection connected/,
    },
  });

  fault({
    scenario: `connection/dtls/wrong-fingerprint-of-${side}`,
    name: `the ${side} says that it is connected`,
    on: side,
    page: (kit) =>
      kit.property(RTCPeerConnection.prototype, 'connectionState', {
        get: (_, state) => (state === 'failed' ? 'connected' : state),
      }),
    expect: {
      status: 'timeout',
      phase: 'dtls',
      reason: new RegExp(`seen at the ${side} .*connectionState to be failed`),
    },
  });

  for (const name of ['before', 'behind']) {
    fault({
      scenario: `connection/dtls/another-${name}-that-of-${side}`,
      name: `the ${other} takes the wrong one for both`,
      on: other,
      pair: ['firefox', 'firefox'],
      page: (kit) =>
        kit.rewriteSdp({ at: 'heard' }, (sdp) => {
          // a description of the probe has no wrong fingerprint
          const [wrong = '$&'] = /^a=fingerprint:sha-256 (?:AB:?){32}/m.exec(sdp) ?? [];
          return sdp.replaceAll(/^a=fingerprint:.*$/gm, wrong);
        }),
      expect: { status: 'fail', phase: 'dtls', reason: /data channel "proof" is closed: it never opens/ },
    });
  }
}

for (const name of ['rsa', 'ecdsa', 'rsa-with-ecdsa', 'certificate-reused']) {
  fault({
    scenario: `connection/dtls/${name}`,
    name: 'the certificate is not used',
    on: 'answerer',
    page: (kit) =>
      kit.construct('RTCPeerConnection', (_, make) => {
        kit.bit();
        return make();
      }),
    expect: { status: 'fail', phase: 'assert', reason: /digests? that the answerer told/ },
  });
}

fault({
  scenario: 'connection/dtls/certificate-expired',
  name: 'it is taken',
  on: 'single',
  page: (kit) =>
    kit.construct('RTCPeerConnection', (_, make) => {
      kit.bit();
      return make();
    }),
  expect: { status: 'fail', phase: 'assert', reason: /what the constructor throws/ },
});

fault({
  scenario: 'connection/dtls/transport-states',
  name: 'the transport tells nothing',
  on: 'answerer',
  page: missing,
  arg: { on: 'RTCDtlsTransport', type: 'statechange' },
  expect: { status: 'fail', phase: 'assert', reason: /states of the RTCDtlsTransport at the answerer/ },
});

fault({
  scenario: 'connection/dtls/remote-certificates',
  name: 'the certificate is another one',
  on: 'offerer',
  page: (kit) =>
    kit.wrap(RTCDtlsTransport.prototype, 'getRemoteCertificates', () => {
      kit.bit();
      return [new Uint8Array(300).buffer];
    }),
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /digest of the certificate that the offerer received/,
  },
});

for (const [member, value] of [
  ['tlsVersion', 'FEFF'],
  ['dtlsCipher', 'TLS_RSA_WITH_NULL_MD5'],
  ['srtpCipher', 'AES_CM_128_HMAC_SHA1_80'],
] as const) {
  fault({
    scenario: 'connection/dtls/statistics',
    name: `${member} is another one`,
    on: 'answerer',
    page: claimed,
    arg: { types: ['transport'], members: [member], value },
    expect: {
      status: 'fail',
      phase: 'assert',
      reason: new RegExp(`answerer chromium: transport.${member} is "${value}"`),
    },
  });
}

for (const digest of ['sha-384', 'sha-512']) {
  fault({
    scenario: `connection/dtls/fingerprint-${digest}`,
    name: 'the answerer hears another digest',
    on: 'answerer',
    page: (kit) =>
      kit.rewriteSdp({ at: 'heard', type: 'offer' }, (sdp) =>
        sdp.replaceAll(/^(a=fingerprint:\S+ )(?:..:){4}/gm, '$1AB:AB:AB:AB:'),
      ),
    expect: { status: 'timeout', phase: 'dtls', reason: /data channel "proof" to open/ },
  });
}
