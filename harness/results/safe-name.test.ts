import { expect } from 'chai';
import { folderOf, isInert, safeFileName, safeName } from './safe-name.ts';

describe('safeName', () => {
  it('leaves a harmless name as it is', () => {
    for (const name of ['2d-captured.and_received', 'chrome@150.0.7871.100'])
      expect(safeName(name)).to.equal(name);
  });

  const nasty = [
    '',
    '.',
    '..',
    '../..',
    'a/b',
    'a\\b',
    'CON',
    'nul.txt',
    'a--b',
    '-rf',
    'a\0b',
    '<img src=x>',
    'ü',
    'x'.repeat(300),
    'a.',
    '.lock',
  ];
  it('makes a single harmless step of anything', () => {
    for (const name of nasty) {
      const safe = safeName(name);
      expect(safe, name).to.match(/^\w[\w.~-]{0,90}$/);
      expect(safe, name).not.to.match(/^(?:con|nul)(?:\.|$)|--|\.$/i);
    }
  });

  it('gives different texts different names', () => {
    const names = [...nasty, 'a_b', 'a-b', '_', 'a?b', 'a*b', 'x'.repeat(301)];
    expect(new Set(names.map(safeName)).size).to.equal(names.length);
  });
});

describe('safeFileName', () => {
  it('keeps an ending that nothing runs and adds .txt to any other', () => {
    expect(safeFileName('offer.sdp')).to.equal('offer.sdp');
    expect(safeFileName('page.html')).to.equal('page.html.txt');
    expect(safeFileName('drawing.svg')).to.equal('drawing.svg.txt');
    expect(safeFileName('../offer.sdp')).to.match(/^[^/]+~[0-9a-f]{8}\.sdp$/);
    expect(isInert('evidence/a.html')).to.equal(false);
  });
});

describe('folderOf', () => {
  it('is area, group and name, then both sides, or the one browser', () => {
    expect(folderOf({ scenario: 'codecs/video/vp8', offerer: 'chromium', answerer: 'firefox' })).to.equal(
      'codecs/video/vp8/chromium--firefox',
    );
    expect(folderOf({ scenario: 'a/b/c', offerer: 'chromium', answerer: null })).to.equal('a/b/c/chromium');
  });

  it('tells pairs apart whose names join to the same text', () => {
    const one = folderOf({ scenario: 'a/b/c', offerer: 'x--y', answerer: 'z' });
    expect(one).not.to.equal(folderOf({ scenario: 'a/b/c', offerer: 'x', answerer: 'y--z' }));
  });

  it('never leaves its root', () => {
    expect(folderOf({ scenario: '../../etc', offerer: '..', answerer: '/' })).not.to.match(
      /(?:^|\/)\.\.?(?:\/|$)|\/\//,
    );
  });
});
