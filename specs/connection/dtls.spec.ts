import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import { scenario, single } from '../scenario.ts';
import { claimsOf, find, report } from '../statistics/steps.ts';
import { expectNothingElse } from '../steps/channels.ts';
import { otherSide, sides } from '../steps/sides.ts';
import { overHandshake, readServerHello } from './handshake.ts';
import { connect, connectRewritten, offerProof, proveData, setupOf } from './steps.ts';

const certificates = 'https://www.w3.org/TR/webrtc/#dom-rtcconfiguration-certificates';
const setup = [
  'https://www.rfc-editor.org/rfc/rfc8842#section-5',
  'https://www.rfc-editor.org/rfc/rfc5763#section-5',
];
const fingerprints = 'https://www.rfc-editor.org/rfc/rfc8122#section-5';
const digests = /^a=fingerprint:sha-256 .*$/gm;
/** A digest that matches no existing certificate. */
const wrong = `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`;

for (const [offered, answered, client] of [
  ['actpass', 'active', 'answerer'],
  ['active', 'passive', 'offerer'],
  ['passive', 'active', 'answerer'],
] as const) {
  scenario(
    {
      id: `connection/dtls/offered-${offered}`,
      title: `setup:${offered} is offered`,
      asks: `When setup:${offered} is offered, is ${answered} answered, does the ${client} begin the handshake, and does the call connect?`,
      level: 'must',
      specs: setup,
      signaling: { trickle: false },
    },
    (pair) =>
      overHandshake(
        pair,
        { outgoing: { offerer: [/^a=setup:actpass$/gm, `a=setup:${offered}`] } },
        async ({ clients }) => {
          await pair.offerer.run(offerProof);
          await proveData(pair);
          const said = await pair.answerer.run(({ connection }) => connection.said.descriptions);
          expect(setupOf(said, 'answer'), 'what the answerer says of setup').to.deep.equal([answered]);
          expect([...clients], 'who began the handshake').to.deep.equal([client]);
        },
      ),
  );
}

for (const side of sides) {
  const other = otherSide[side];
  scenario(
    {
      id: `connection/dtls/${side}-re-offers`,
      title: `The ${side} offers again and again`,
      asks: `Do both sides keep their DTLS roles and go on when the ${side} offers three more times?`,
      level: 'must',
      specs: ['https://www.rfc-editor.org/rfc/rfc8842#section-5.5', ...setup],
      signaling: { trickle: false },
    },
    (pair) =>
      overHandshake(pair, {}, async ({ clients }) => {
        await pair.offerer.run(offerProof);
        await proveData(pair);
        for (const turn of ['second', 'third', 'fourth']) {
          await pair[side].run(({ connection }) => connection.negotiate());
          await proveData(pair, ` after the ${turn} offer`);
        }
        const said = await pair[other].run(({ connection }) => connection.said.descriptions);
        const role = other === 'answerer' ? 'active' : 'passive';
        expect(new Set(setupOf(said, 'answer')), `what the ${other} answers`).to.deep.equal(new Set([role]));
        expect([...clients], 'who began a handshake').to.deep.equal(['answerer']);
      }),
  );

  scenario(
    {
      id: `connection/dtls/wrong-fingerprint-of-${side}`,
      title: `A wrong fingerprint of the ${side}`,
      asks: `When the fingerprint that the ${side} gives is not that of its certificate, do both sides report that DTLS failed, and is nothing carried?`,
      level: 'must',
      specs: [
        fingerprints,
        'https://www.rfc-editor.org/rfc/rfc8827#section-6.5',
        'https://www.w3.org/TR/webrtc/#dom-rtcpeerconnectionstate-failed',
      ],
      needs: ['RTCDtlsTransport'],
    },
    async (pair) => {
      for (const role of sides)
        await pair[role].run(connectRewritten, role === side ? { outgoing: [digests, wrong] } : {});
      await pair.offerer.run(offerProof);
      for (const role of [other, side]) {
        const end = await pair[role].run(untilFailed);
        expect(end.dtls, `RTCDtlsTransport.state at the ${role}`).to.equal('failed');
        expect(end.ice, `whether ICE had connected at the ${role}`).to.equal(true);
        expect(end.channels, `data channels that opened at the ${role}`).to.deep.equal([]);
      }
    },
  );

  for (const [name, title, text] of [
    ['before', 'A wrong fingerprint, then the right one', `${wrong}\r\n$&`],
    ['behind', 'The right fingerprint, then a wrong one', `$&\r\n${wrong}`],
  ] as const) {
    scenario(
      {
        id: `connection/dtls/another-${name}-that-of-${side}`,
        title: `${title}, of the ${side}`,
        asks: `Does the call connect when the ${side} gives two fingerprints by the same hash function, one of which is that of its certificate?`,
        level: 'must',
        specs: [fingerprints],
        timeoutMs: 8000,
      },
      async (pair) => {
        for (const role of sides)
          await pair[role].run(connectRewritten, role === side ? { outgoing: [digests, text] } : {});
        await pair.offerer.run(offerProof);
        await proveData(pair);
      },
    );
  }
}

/** Waits until a connection has failed, and returns how. */
const untilFailed = async ({ connection, waitFor }: Agent) => {
  const { pc } = connection;
  await waitFor({
    name: 'connectionState to be failed',
    phase: 'dtls',
    probe: () => pc.connectionState === 'failed',
    triggers: [{ on: pc, events: ['connectionstatechange'] }],
    seen: () =>
      `connection ${pc.connectionState}, ICE ${pc.iceConnectionState}, DTLS ${String(pc.sctp?.transport.state)}`,
  });
  const { events } = await connection.snapshot();
  return {
    dtls: pc.sctp?.transport.state,
    ice: events.some(
      ({ event, detail }) => event === 'iceconnectionstatechange' && /^(?:connected|completed)$/.test(detail),
    ),
    channels: events.filter(({ event }) => event === 'channel open').map(({ detail }) => detail),
  };
};

/** Creates a connection with a certificate of a kind, made once; returns the digest that the certificate itself reports. */
const connectCertified = async (agent: Agent, kind: 'RSA' | 'ECDSA'): Promise<string> => {
  const algorithm =
    kind === 'ECDSA'
      ? { name: 'ECDSA', namedCurve: 'P-256' }
      : {
          name: 'RSASSA-PKCS1-v1_5',
          modulusLength: 2048,
          publicExponent: new Uint8Array([1, 0, 1]),
          hash: 'SHA-256',
        };
  const kept: unknown = agent.kept.get('certificate');
  const certificate =
    kept instanceof RTCCertificate ? kept : await RTCPeerConnection.generateCertificate(algorithm);
  agent.kept.set('certificate', certificate);
  agent.connect({ configuration: { certificates: [certificate] } });
  return (certificate.getFingerprints()[0]?.value ?? 'none').toUpperCase();
};

/** The digests in the descriptions that a side has sent. */
const saidDigests = ({ connection }: Agent): string[] =>
  connection.said.descriptions.flatMap(({ sdp = '' }) =>
    [...sdp.matchAll(/^a=fingerprint:sha-256 (\S+)/gm)].map(([, digest = '']) => digest.toUpperCase()),
  );

for (const [offers, answers] of [
  ['RSA', 'RSA'],
  ['ECDSA', 'ECDSA'],
  ['RSA', 'ECDSA'],
] as const) {
  const name = offers === answers ? offers : `${offers}-with-${answers}`;
  scenario(
    {
      id: `connection/dtls/${name.toLowerCase()}`,
      title: `An ${offers} certificate at the offerer, an ${answers} certificate at the answerer`,
      asks: `Does the call connect with an ${offers} certificate at the offerer and an ${answers} certificate at the answerer, and are they the ones that the descriptions name?`,
      level: 'must',
      specs: [certificates, 'https://www.w3.org/TR/webrtc/#dom-rtcpeerconnection-generatecertificate'],
      needs: ['RTCPeerConnection.generateCertificate', 'RTCCertificate.prototype.getFingerprints'],
    },
    async (pair) => {
      const digest = {
        answerer: await pair.answerer.run(connectCertified, answers),
        offerer: await pair.offerer.run(connectCertified, offers),
      };
      await pair.offerer.run(offerProof);
      await proveData(pair);
      for (const side of sides) {
        const said = await pair[side].run(saidDigests);
        expect(said, `digests that the ${side} told`).to.deep.equal([digest[side]]);
      }
    },
  );
}

scenario(
  {
    id: 'connection/dtls/certificate-reused',
    title: 'A certificate that is used again',
    asks: 'Do two calls, one after the other, connect with the same certificates?',
    level: 'must',
    specs: [certificates],
    needs: ['RTCPeerConnection.generateCertificate', 'RTCCertificate.prototype.getFingerprints'],
  },
  async (pair) => {
    for (const call of ['first', 'second']) {
      for (const side of sides) {
        const digest = await pair[side].run(connectCertified, 'ECDSA');
        await pair[side].run(({ kept }, { of, digest }) => void kept.set(of, digest), { of: call, digest });
      }
      await pair.offerer.run(offerProof);
      await proveData(pair, ` in the ${call} call`);
      for (const side of sides) {
        const { said, first } = await pair[side].run(({ connection, kept }) => ({
          said: connection.said.descriptions.map(({ sdp = '' }) =>
            /^a=fingerprint:sha-256 (\S+)/m.exec(sdp)?.[1]?.toUpperCase(),
          ),
          first: kept.get('first'),
        }));
        expect(said, `the digest that the ${side} told in the ${call} call`).to.deep.equal([first]);
      }
      if (call === 'first')
        for (const side of sides) await pair[side].run(({ connection }) => connection.pc.close());
    }
  },
);

single(
  {
    id: 'connection/dtls/certificate-expired',
    title: 'A certificate that has expired',
    asks: 'Is a connection with an expired certificate refused with an InvalidAccessError, and one with a valid certificate not?',
    level: 'must',
    specs: [certificates, 'https://www.w3.org/TR/webrtc/#dom-rtccertificate-expires'],
    needs: ['RTCPeerConnection.generateCertificate', 'RTCCertificate.prototype.expires'],
  },
  async ({ peer }) => {
    const thrown = await peer.run(async ({ unobserved, waitFor }) => {
      const made = async (expires: number) => {
        const algorithm = { name: 'ECDSA', namedCurve: 'P-256', expires };
        return RTCPeerConnection.generateCertificate(algorithm);
      };
      const tried = (certificate: RTCCertificate): string => {
        try {
          unobserved(() => new RTCPeerConnection({ certificates: [certificate] })).close();
          return 'nothing';
        } catch (error) {
          return error instanceof DOMException ? error.name : String(error);
        }
      };
      const valid = tried(await made(3_600_000));
      const certificate = await made(1);
      await waitFor({
        name: 'a certificate of one millisecond to expire',
        phase: 'dtls',
        probe: () => certificate.expires < Date.now(),
        triggers: [{ everyMs: 20 }],
        seen: () => `it expires ${String(certificate.expires - Date.now())} ms from now`,
      });
      return { valid, expired: tried(certificate) };
    });
    expect(thrown, 'what the constructor throws').to.deep.equal({
      valid: 'nothing',
      expired: 'InvalidAccessError',
    });
  },
);

scenario(
  {
    id: 'connection/dtls/transport-states',
    title: 'States of RTCDtlsTransport',
    asks: 'Does the RTCDtlsTransport of each side go from new to connecting to connected, and report each once?',
    level: 'must',
    specs: ['https://www.w3.org/TR/webrtc/#rtcdtlstransport-interface'],
    needs: ['RTCDtlsTransport', 'RTCSctpTransport'],
  },
  async (pair) => {
    await connect(pair);
    await proveData(pair);
    for (const side of sides) {
      const { events } = await pair[side].run(({ connection }) => connection.snapshot());
      const told = events.filter(({ event }) => event.startsWith('dtls ')).map(({ detail }) => detail);
      expect(told, `states of the RTCDtlsTransport at the ${side}`).to.deep.equal([
        'new',
        'connecting',
        'connected',
      ]);
    }
  },
);

scenario(
  {
    id: 'connection/dtls/remote-certificates',
    title: 'getRemoteCertificates()',
    asks: 'Is the certificate that each side received the one whose fingerprint it was given?',
    level: 'must',
    specs: ['https://www.w3.org/TR/webrtc/#dom-rtcdtlstransport-getremotecertificates'],
    needs: ['RTCDtlsTransport.prototype.getRemoteCertificates', 'crypto.subtle'],
  },
  async (pair) => {
    await connect(pair);
    await proveData(pair);
    for (const side of sides) {
      const received = await pair[side].run(async ({ connection }) => {
        const [der] = connection.pc.sctp?.transport.getRemoteCertificates() ?? [];
        if (!der) return 'none';
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', der));
        return [...digest]
          .map((byte) => byte.toString(16).padStart(2, '0'))
          .join(':')
          .toUpperCase();
      });
      const told = await pair[otherSide[side]].run(saidDigests);
      expect([received], `digest of the certificate that the ${side} received`).to.deep.equal(told);
    }
  },
);

/** https://www.iana.org/assignments/tls-parameters/tls-parameters.xhtml#tls-parameters-4 */
const cipherSuites: Readonly<Record<number, string>> = {
  0x1301: 'TLS_AES_128_GCM_SHA256',
  0x1302: 'TLS_AES_256_GCM_SHA384',
  0x1303: 'TLS_CHACHA20_POLY1305_SHA256',
  0xc009: 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA',
  0xc00a: 'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA',
  0xc02b: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  0xc02c: 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  0xcca9: 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
};
/** https://www.iana.org/assignments/srtp-protection/srtp-protection.xhtml */
const srtpProfiles: Readonly<Record<number, string>> = {
  1: 'SRTP_AES128_CM_HMAC_SHA1_80',
  2: 'SRTP_AES128_CM_HMAC_SHA1_32',
  7: 'SRTP_AEAD_AES_128_GCM',
  8: 'SRTP_AEAD_AES_256_GCM',
};

scenario(
  {
    id: 'connection/dtls/statistics',
    title: 'Version and ciphers as statistics tell them',
    asks: 'Is DTLS 1.2 or newer chosen in the handshake, and are the version, the cipher suite and the SRTP profile that the transport statistics of both sides name those that were chosen?',
    level: 'must',
    specs: [
      'https://www.rfc-editor.org/rfc/rfc8827#section-6.5',
      'https://www.w3.org/TR/webrtc-stats/#dom-rtctransportstats-tlsversion',
      'https://www.w3.org/TR/webrtc-stats/#dom-rtctransportstats-dtlscipher',
      'https://www.w3.org/TR/webrtc-stats/#dom-rtctransportstats-srtpcipher',
    ],
    signaling: { trickle: false },
  },
  (pair) =>
    overHandshake(pair, {}, async ({ serverHellos }) => {
      await pair.offerer.run(({ connection }) => void connection.pc.addTransceiver('audio'));
      await pair.offerer.run(offerProof);
      await proveData(pair);
      // in DTLS 1.3, the first may only ask for another ClientHello
      const hello = serverHellos.at(-1);
      if (!hello) throw new Error('no ServerHello came by');
      const { version, cipherSuite, srtpProfile } = readServerHello(hello);
      pair.trace('chosen', { version, cipherSuite, srtpProfile });
      expect(['FEFD', 'FEFC'], 'versions that are good enough').to.include(version);
      const told = {
        offerer: find(await report(pair.offerer), 'transport'),
        answerer: find(await report(pair.answerer), 'transport'),
      };
      for (const side of sides) {
        const claim = claimsOf(pair, side, 'transport', told[side]);
        // none of them is mandatory to implement: https://www.w3.org/TR/webrtc/#mandatory-to-implement-stats
        const held = { of: 'the ServerHello', optional: true };
        claim('tlsVersion', version, held);
        claim('dtlsCipher', cipherSuites[cipherSuite] ?? `cipher suite ${String(cipherSuite)}`, held);
        // in DTLS 1.3, the server chooses it in a message that is encrypted
        if (srtpProfile === undefined) {
          const [own, other] = [told[side]['srtpCipher'], told[otherSide[side]]['srtpCipher'] ?? null];
          claim('srtpCipher', 'a registered profile, the one that the other side names', {
            holds: Object.values(srtpProfiles).some((name) => name === own) && own === (other ?? own),
            optional: true,
          });
        } else claim('srtpCipher', srtpProfiles[srtpProfile] ?? `SRTP profile ${String(srtpProfile)}`, held);
      }
      await expectNothingElse(pair);
    }),
);

for (const digest of ['SHA-384', 'SHA-512'] as const) {
  scenario(
    {
      id: `connection/dtls/fingerprint-${digest.toLowerCase()}`,
      title: `A ${digest} fingerprint`,
      asks: `Does the call connect when only a ${digest} digest identifies the offerer's certificate?`,
      level: 'must',
      specs: [fingerprints, 'https://www.rfc-editor.org/rfc/rfc8827#section-6.5'],
      // needed to read the bytes of a certificate
      needs: { offerer: ['RTCDtlsTransport.prototype.getRemoteCertificates', 'crypto.subtle'] },
    },
    async (pair) => {
      await pair.answerer.run((agent) => void agent.connect());
      await pair.offerer.run(async (agent, name) => {
        const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
        const certificate = await RTCPeerConnection.generateCertificate(algorithm);
        const certificates = [certificate];
        const local = agent.unobserved(() => agent.localPair(window, { certificates }));
        local.a.createDataChannel('certificate');
        await local.negotiate();
        const der = await local.until('the certificate of the local pair', () =>
          local.b.connectionState === 'connected'
            ? local.b.sctp?.transport.getRemoteCertificates()[0]
            : undefined,
        );
        local.a.close();
        local.b.close();
        const bytes = [...new Uint8Array(await crypto.subtle.digest(name, der))];
        const value = bytes
          .map((byte) => byte.toString(16).padStart(2, '0'))
          .join(':')
          .toUpperCase();
        const line = `a=fingerprint:${name.toLowerCase()} ${value}`;
        const connection = agent.connect({
          configuration: { certificates },
          outgoing: ({ type, sdp = '' }) => ({ type, sdp: sdp.replaceAll(/^a=fingerprint:.*$/gm, line) }),
        });
        connection.createChannel('proof');
        await connection.negotiate();
      }, digest);
      await proveData(pair);
    },
  );
}
