import { expect } from 'chai';
import { parseBrowserSpec } from './browser-spec.ts';
import { needsPublic, signalingOf } from './signaling.ts';

describe('where the pages of a browser find the fixture', () => {
  const places: [string, string][] = [
    ['chromium', 'loopback'],
    ['a=chrome@http://127.0.0.1:4444', 'loopback'],
    ['a=chrome@http://me:secret@localhost:4444', 'loopback'],
    ['a=chrome@http://[::1]:4444', 'loopback'],
    ['a=chrome@http://10.0.0.2:4444', 'public'],
    ['a=chrome@http://127.example:4444', 'public'],
  ];
  for (const [text, place] of places)
    it(`is ${place} for ${text}`, () => expect(signalingOf(parseBrowserSpec(text))).to.equal(place));

  it('is what the browser says itself', () => {
    expect(signalingOf({ ...parseBrowserSpec('a=chrome@http://10.0.0.2'), signaling: 'loopback' })).to.equal(
      'loopback',
    );
    expect(signalingOf({ id: 'chrome', kind: 'chrome', signaling: 'public' })).to.equal('public');
  });

  it('has to be said for a browser on another host', () => {
    const far = parseBrowserSpec('far=chrome@http://me:secret@10.0.0.2:4444');
    const here = parseBrowserSpec('chromium');
    expect(needsPublic([here], undefined)).to.equal(false);
    expect(needsPublic([here, far], { host: '0.0.0.0' })).to.equal(true);
    expect(() => needsPublic([far], { port: 9000 }))
      .to.throw(/far is at 10\.0\.0\.2:4444.*signaling: \{ host: '0\.0\.0\.0' \}/)
      .with.property('code', 'not-reachable');
  });
});
