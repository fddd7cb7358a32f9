import { expect } from 'chai';
import { Scrubber } from './scrub.ts';

const scrubber = (): Scrubber => new Scrubber({ hostName: 'build-7.example', userName: 'maria' });

describe('what a published report does not tell', () => {
  for (const [what, text, instead] of [
    [
      'the address of a candidate',
      'a=candidate:1 1 udp 2122260223 192.0.2.17 51723 typ host',
      'a=candidate:1 1 udp 2122260223 address-1.invalid 51723 typ host',
    ],
    ['an address in a URL', 'ws://10.1.2.3:8080/signal', 'ws://address-1.invalid:8080/signal'],
    ['an address in JSON', '{"address":"10.1.2.3"}', '{"address":"address-1.invalid"}'],
    ['an address at the end of a sentence', 'It was 10.1.2.3.', 'It was address-1.invalid.'],
    ['an address of IPv6', 'c=IN IP6 2001:db8::17', 'c=IN IP6 address-1.invalid'],
    ['a link-local one', '"fe80::1c2d:3eff:fe4f:5a6b"', '"address-1.invalid"'],
    ['the home of a user', 'at /home/maria/src/app.js:12:3', 'at …/app.js:12:3'],
    ['the home of a user on macOS', '"/Users/maria/Library/x"', '"…/x"'],
    ['a path on Windows', 'C:\\Users\\maria\\AppData\\chrome.exe is', '…/chrome.exe is'],
    ['a path on Windows in JSON', '"C:\\\\Users\\\\maria\\\\chrome.exe"', '"…/chrome.exe"'],
    ['a folder for a profile', '--user-data-dir=/tmp/playwright-x1/p', '--user-data-dir=…/p'],
    ['an executable', '--browsers nightly=firefox:/opt/nightly/firefox', null],
    ['a file URL', 'file:///work/app/specs/a.spec.ts:3', '…/a.spec.ts:3'],
    ['the name of the host', 'on build-7.example, as', 'on host.invalid, as'],
    ['the name of the user', 'user=Maria', 'user=somebody'],
  ] as const) {
    it(`is ${what}`, () => {
      const scrubbed = scrubber().text(text);
      if (instead !== null) expect(scrubbed).to.equal(instead);
      expect(scrubbed).not.to.match(/maria|build-7|10\.1\.2\.3|192\.0\.2|2001:db8|fe80|\/opt\/|\/tmp\//i);
    });
  }

  for (const text of [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36',
    'a=fingerprint:sha-256 49:66:12:17:0D:1C:91:AE:57:4C:C6:36:DD:D5:97:D2:7D:62:C9:9A:7F:B9:A3:F4:70:03:E7:43:91:73:23:5E',
    'm=video 9 UDP/TLS/RTP/SAVPF 96 97',
    'a=rtpmap:111 opus/48000/2',
    'c=IN IP4 0.0.0.0',
    'http://127.0.0.1:40123/peer/abc/def.js:1:2',
    'http://[::1]:40123/x/y/z',
    'https://www.w3.org/TR/webrtc/#dom-rtcpeerconnection',
    'npx webrtc-interop run --pairs chromium:firefox --scenarios codecs/video/vp8',
    '2026-11-25T10:00:00.000Z',
    'extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid',
    '3c1d2e4f-0d1c-4a1b-9f00-8a7b6c5d4e3f.local',
    '8 and/or 9, 1/2/3',
  ]) {
    it(`leaves alone: ${text}`, () => expect(scrubber().text(text)).to.equal(text));
  }

  it('calls the same address the same wherever it stands', () => {
    const one = scrubber();
    const value = { local: '10.0.0.1', remote: ['10.0.0.2', { '10.0.0.1': 'x' }] };
    expect(one.value(value)).to.deep.equal({
      local: 'address-1.invalid',
      remote: ['address-2.invalid', { 'address-1.invalid': 'x' }],
    });
  });
});
