import { expect } from 'chai';
import { parseBrowserSpec } from '../config/browser-spec.ts';
import { moduleColumns, parseModule } from '../config/module-columns.ts';
import { defaultTimeoutMs, quote, reproFlags, reproFor } from './repro.ts';

describe('the command that repeats a cell', () => {
  const browsers = ['chromium', 'nightly=firefox:/opt/my nightly/firefox', 'webkitgtk'].map(parseBrowserSpec);

  it('names the browsers of the cell only, its pair, its scenario and what changes it', () => {
    const repro = reproFor(browsers, ['--inject', 'offerer=a.js']);
    expect(repro({ scenario: 'codecs/video/vp8', offerer: 'nightly', answerer: 'chromium' })).to.equal(
      "npx webrtc-interop run --browsers 'chromium,nightly=firefox:/opt/my nightly/firefox' --pairs nightly:chromium --scenarios codecs/video/vp8 --inject offerer=a.js",
    );
  });

  it('names the modules of its columns, and their browsers once', () => {
    const columns = moduleColumns(browsers, [parseModule('sp=simple-peer@9.11,simple-peer@9.10')]);
    const cell = {
      scenario: 'a/b/c',
      offerer: 'chromium-simple-peer-9.10',
      answerer: 'chromium-simple-peer-9.11',
    };
    expect(reproFor(columns, [])(cell)).to.equal(
      'npx webrtc-interop run --browsers chromium --pairs chromium-simple-peer-9.10:chromium-simple-peer-9.11 --scenarios a/b/c --module sp=simple-peer@9.11,simple-peer@9.10',
    );
  });

  it('is for one browser where one takes part', () => {
    expect(reproFor(browsers, [])({ scenario: 'a/b/c', offerer: 'webkitgtk', answerer: null })).to.equal(
      'npx webrtc-interop run --browsers webkitgtk --pairs webkitgtk:webkitgtk --scenarios a/b/c',
    );
  });

  it('has every flag that changes what a cell does, and no other', () => {
    const plainRun = { inject: [], adapter: 'none', timeout: defaultTimeoutMs };
    expect(reproFlags(plainRun)).to.deep.equal([]);
    const changed = {
      inject: ['a.js', 'offerer=b.js'],
      adapter: 'both',
      timeout: 5000,
      headed: true,
      drafts: true,
    };
    expect(reproFlags(changed).join(' ')).to.equal(
      '--inject a.js --inject offerer=b.js --adapter both --timeout 5000 --headed --drafts',
    );
  });

  it('is safe to paste into a shell', () => {
    expect(quote("it's; rm -rf $HOME")).to.equal(`'it'\\''s; rm -rf $HOME'`);
    expect(quote('plain-word=1')).to.equal('plain-word=1');
  });
});
