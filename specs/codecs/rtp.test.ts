import { expect } from 'chai';
import { parseRtcp, parseRtp } from './rtp.ts';

const header = '78 0102 00000000 0a0b0c0d';
const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');

describe('a packet on its way', () => {
  it('is RTP with its payload type, number and source', () => {
    expect(parseRtp(bytes(`80 ${header} ffff`))).to.deep.equal({
      payloadType: 120,
      marker: false,
      sequenceNumber: 0x0102,
      timestamp: 0,
      ssrc: 0x0a0b0c0d,
      headerBytes: 12,
      bytes: 14,
      padding: false,
      extensions: new Map(),
      twoByteHeaders: null,
    });
  });

  it('says that it is filled up', () => {
    expect(parseRtp(bytes(`a0 ${header} 0001`))?.padding).to.equal(true);
  });

  it('has extensions with one-byte headers, padding between them', () => {
    const packet = parseRtp(bytes(`90 ${header} bede 0002 32 aabbcc 00 10 7f 00 ffff`));
    expect(packet?.twoByteHeaders).to.equal(false);
    expect([...(packet?.extensions ?? [])]).to.deep.equal([
      [3, bytes('aabbcc')],
      [1, bytes('7f')],
    ]);
  });

  it('has extensions with two-byte headers, an empty one too', () => {
    const packet = parseRtp(bytes(`90 ${header} 1000 0002 14 03 aabbcc 01 00 00 ffff`));
    expect(packet?.twoByteHeaders).to.equal(true);
    expect([...(packet?.extensions ?? [])]).to.deep.equal([
      [0x14, bytes('aabbcc')],
      [1, bytes('')],
    ]);
  });

  it('has its extensions behind contributing sources', () => {
    const packet = parseRtp(bytes(`92 ${header} 00000001 00000002 bede 0001 10 7f 0000`));
    expect([...(packet?.extensions.keys() ?? [])]).to.deep.equal([1]);
  });

  it('says how long it is, and of that its header', () => {
    const packet = parseRtp(bytes(`91 f8 0102 00000007 0a0b0c0d 00000001 bede 0001 10 7f 0000 aabbcc`));
    expect(packet).to.include({ marker: true, timestamp: 7, headerBytes: 24, bytes: 27 });
  });

  it('is RTCP with its type, its format and who sent it', () => {
    expect(parseRtcp(bytes('8f cd 0003 00000001'))).to.deep.equal({ type: 205, format: 15, ssrc: 1 });
    expect(parseRtp(bytes('8f cd 0003 00000001 00000002'))).to.equal(null);
  });

  it('is none of the two where it belongs to ICE or DTLS', () => {
    for (const first of ['00', '16', '17']) {
      expect(parseRtp(bytes(`${first} ${header}`))).to.equal(null);
      expect(parseRtcp(bytes(`${first} cd 0003 00000001`))).to.equal(null);
    }
  });
});
