import { expect } from 'chai';
import { parseDependencyDescriptor, sentInLayers } from './dependency-descriptor.ts';

/** Bits in groups, filled up to whole bytes. */
function bytes(bits: string): Buffer {
  const all = bits.replaceAll(' ', '');
  const groups = all.padEnd(Math.ceil(all.length / 8) * 8, '0').match(/.{8}/g) ?? [];
  return Buffer.from(groups.map((group) => Number.parseInt(group, 2)));
}

const number = '0000000000000001';
/** The first packet of a key frame: its templates begin with 62, and are of temporal layers 0, 0, 1 and 2. */
const keyFrame = bytes(`1 0 111110 ${number} 1 0 0 0 0 111110 00010 00 01 01 11`);
const frame = (template: string, start = '1') => bytes(`${start} 1 ${template} ${number}`);

describe('a dependency descriptor', () => {
  it('says which template a frame is of, and whether the packet is its first', () => {
    expect(parseDependencyDescriptor(frame('000011'))).to.deep.equal({
      startsFrame: true,
      template: 3,
      structure: null,
    });
    expect(parseDependencyDescriptor(frame('000011', '0')).startsFrame).to.equal(false);
  });

  it('has the layers of the templates where there is a key frame', () => {
    expect(parseDependencyDescriptor(keyFrame).structure).to.deep.equal({
      firstTemplate: 62,
      layers: [0, 0, 1, 2].map((temporal) => ({ spatial: 0, temporal })),
    });
  });

  it('begins a spatial layer at its first temporal one', () => {
    const { structure } = parseDependencyDescriptor(
      bytes(`1 0 000000 ${number} 1 0000 000000 00010 01 10 01 11`),
    );
    expect(structure?.layers).to.deep.equal([
      { spatial: 0, temporal: 0 },
      { spatial: 0, temporal: 1 },
      { spatial: 1, temporal: 0 },
      { spatial: 1, temporal: 1 },
    ]);
  });

  it('has other fields behind the mandatory ones without a structure', () => {
    expect(parseDependencyDescriptor(bytes(`1 0 000001 ${number} 0 0 1 0 0 0000`)).structure).to.equal(null);
  });
});

describe('frames in layers', () => {
  it('are sent in the mode that they use, whatever the structure has', () => {
    expect(sentInLayers([keyFrame, frame('000000'), frame('000001'), frame('000000')])).to.deep.equal({
      mode: 'L1T3',
      frames: 4,
      keyFrames: 1,
    });
    expect(sentInLayers([keyFrame, frame('000000')]).mode).to.equal('L1T2');
  });

  it('begin anew with each key frame', () => {
    const sent = sentInLayers([keyFrame, frame('000001'), keyFrame, frame('111111'), frame('111111', '0')]);
    expect(sent).to.deep.equal({ mode: 'L1T1', frames: 2, keyFrames: 2 });
  });

  it('are in no mode where there are none', () => {
    expect(sentInLayers([]).mode).to.equal('L0T0');
  });
});
