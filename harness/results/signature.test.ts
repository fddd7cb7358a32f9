import { expect } from 'chai';
import { signatureOf } from './signature.ts';

const of = (message: string): string | null =>
  signatureOf({ status: 'fail', phase: 'assert', reason: { code: 'assertion', message, peer: null } });

describe('signatureOf', () => {
  it('is null for a pass', () => {
    expect(signatureOf({ status: 'pass', phase: null, reason: null })).to.equal(null);
  });

  it('says status, phase, code and side before the message', () => {
    const reason = {
      code: 'wait-timeout',
      message: 'Waited 5000 ms for connected.',
      peer: 'answerer',
    } as const;
    expect(signatureOf({ status: 'timeout', phase: 'ice', reason })).to.equal(
      'timeout@ice wait-timeout answerer: Waited <n> ms for connected.',
    );
  });

  const equal: [string, string, string][] = [
    ['times and counts', 'got 3 frames in 1200ms at 29.7 fps', 'got 0 frames in 15ms at -1 fps'],
    ['addresses and ports', 'refused 127.0.0.1:4711', 'refused 192.168.178.20:65000'],
    ['IPv6 addresses', 'from [fe80::1%eth0]:80 to ::1', 'from [2001:db8::8:800:200c:417a]:81 to fe80::2'],
    [
      'mDNS names',
      'host 3f0a2b1c-0000-4a4a-8b8b-0123456789ab.local',
      'host aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee.local',
    ],
    [
      'ufrags and passwords',
      'a=ice-ufrag:6pKq a=ice-pwd:JLNGn3cIzTSd7b',
      'a=ice-ufrag:x+/9 a=ice-pwd:aaaaaaaaaaaaaaaaaa',
    ],
    ['fingerprints', 'sha-256 49:66:12:17:0D:1C:91:AE:57', 'sha-256 AA:BB:CC:DD:EE:FF:00:11:22'],
    ['hashes', 'file 9f86d081884c7d659a2feaa0', 'file 60303ae22b998861bce3b28f'],
    ['points in time', 'at 2026-11-22T15:00:00.123Z', 'at 2025-01-02 03:04:05+01:00'],
    ['numbered objects', 'no stats RTCInboundRTPVideoStream_1834', 'no stats RTCInboundRTPVideoStream_7'],
    ['short ids', 'no peer with id 7f3a9c', 'no peer with id 02bb1e'],
    ['tokens', 'token V1StGXR8_Z5jdHi6B-myT', 'token Kk3_Hs82jdHxxQ6B-myZ'],
    ['temporary folders', 'profile /tmp/playwright_firefoxdev-a1b2 gone', 'profile /tmp/x gone'],
    ['white space', 'one\n   two', 'one two'],
  ];
  for (const [what, one, other] of equal) {
    it(`is the same whatever the ${what}`, () => {
      expect(of(one)).to.equal(of(other));
    });
  }

  const different: [string, string, string][] = [
    ['codecs', 'no VP8 arrived', 'no VP9 arrived'],
    ['codecs with a number', 'no video/H264 arrived', 'no video/H265 arrived'],
    ['profiles', 'profile-level-id=42e01f missing', 'profile-level-id=640032 missing'],
    ['packetization modes', 'packetization-mode=0 refused', 'packetization-mode=1 refused'],
    ['dotted codec strings', 'no av01.0.05M.08', 'no av01.0.09M.08'],
    ['words', 'expected black', 'expected white'],
    [
      'versions of a browser',
      'offerer chrome@150.0.7871.100 has no X',
      'offerer chrome@156.0.8078.108 has no X',
    ],
    ['interfaces', 'lacks RTCRtpScriptTransform', 'lacks RTCRtpTransceiver'],
    ['ends of long messages', `${'a '.repeat(400)}b`, `${'a '.repeat(400)}c`],
  ];
  for (const [what, one, other] of different) {
    it(`differs between ${what}`, () => {
      expect(of(one)).not.to.equal(of(other));
    });
  }

  it('differs between sides', () => {
    const at = (peer: 'offerer' | 'answerer'): string | null =>
      signatureOf({ status: 'fail', phase: 'ice', reason: { code: 'x', message: 'same', peer } });
    expect(at('offerer')).not.to.equal(at('answerer'));
  });

  it('stays short and quick for a message of a megabyte', () => {
    const began = performance.now();
    expect(of('a1:'.repeat(350_000))?.length).to.be.below(400);
    expect(performance.now() - began).to.be.below(2000);
  });
});
