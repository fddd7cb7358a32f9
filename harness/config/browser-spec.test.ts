import { expect } from 'chai';
import { browserText } from '../cli/repro.ts';
import { parseBrowserSpec } from './browser-spec.ts';
import { browserSpecs } from './lists.ts';
import { parseAdapter, parseInject } from './scripts.ts';

describe('a browser on the command line', () => {
  for (const [text, spec] of [
    ['chromium', { id: 'chromium', kind: 'chromium' }],
    [
      'nightly=firefox:/opt/nightly/firefox',
      { id: 'nightly', kind: 'firefox', executable: '/opt/nightly/firefox' },
    ],
    [
      'gtk=webkitgtk@http://127.0.0.1:4444',
      { id: 'gtk', kind: 'webkitgtk', endpoint: 'http://127.0.0.1:4444' },
    ],
    [
      'c=chromium+webdriverio:/usr/bin/c',
      { id: 'c', kind: 'chromium', driver: 'webdriverio', executable: '/usr/bin/c' },
    ],
    ['c=chromium+webdriverio', { id: 'c', kind: 'chromium', driver: 'webdriverio' }],
    ['phone=url', { id: 'phone', kind: 'url' }],
    ['chrome@150', { id: 'chrome@150', kind: 'chrome', version: '150' }],
    ['chrome@150.0.7871.100', { id: 'chrome@150.0.7871.100', kind: 'chrome', version: '150.0.7871.100' }],
    ['chrome@beta', { id: 'chrome@beta', kind: 'chrome', version: 'beta' }],
    ['firefox@esr', { id: 'firefox@esr', kind: 'firefox', version: 'esr' }],
    ['firefox@153.7.0esr', { id: 'firefox@153.7.0esr', kind: 'firefox', version: '153.7.0esr' }],
    ['chrome+webdriverio@150', { id: 'chrome@150', kind: 'chrome', driver: 'webdriverio', version: '150' }],
    ['old=chrome@150', { id: 'old', kind: 'chrome', version: '150' }],
    ['old=chrome+webdriverio@dev', { id: 'old', kind: 'chrome', driver: 'webdriverio', version: 'dev' }],
    ['chrome@1=firefox:/x', { id: 'chrome@1', kind: 'firefox', executable: '/x' }],
    ['kiosk=command:/opt/kiosk', { id: 'kiosk', kind: 'command', executable: '/opt/kiosk' }],
  ] as const) {
    it(`may be ${text}, and is written the same again`, () => {
      expect(parseBrowserSpec(text)).to.deep.equal(spec);
      expect(browserText(parseBrowserSpec(text))).to.equal(text);
    });
  }

  for (const [text, code] of [
    ['netscape', 'unknown-browser'],
    ['a=netscape:/x', 'unknown-browser'],
    ['a=chrome+selenium:/x', 'unknown-driver'],
    ['a=chrome@ftp://x', 'bad-endpoint'],
    ['../a=chrome:/x', 'bad-browser-name'],
    ['', 'unknown-browser'],
    ['phone=url:/x', 'bad-browser'],
    ['phone=url+playwright', 'bad-browser'],
    ['kiosk=command', 'bad-browser'],
    ['chrome@', 'unknown-browser'],
    ['chrome@gold', 'bad-version'],
    ['chrome@esr', 'bad-version'],
    ['firefox@canary', 'bad-version'],
    ['chrome@150.0', 'bad-version'],
    ['chrome@150esr', 'bad-version'],
    ['chromium@150', 'bad-version'],
    ['safari@preview', 'bad-version'],
    ['phone=url@150', 'bad-browser'],
    ['chrome@http://localhost:1', 'unknown-browser'],
    ['kiosk=command@http://x', 'bad-browser'],
  ] as const) {
    it(`may not be "${text}"`, () => {
      expect(() => parseBrowserSpec(text))
        .to.throw()
        .with.property('code', code);
    });
  }

  it('is written with variables in the place of credentials', () => {
    expect(browserText(parseBrowserSpec('far=chrome@http://me:secret@grid:4444'))).to.equal(
      'far=chrome@http://${WEBRTC_INTEROP_USER}:${WEBRTC_INTEROP_KEY}@grid:4444',
    );
  });

  it('may not have the name of another', () => {
    expect(() => browserSpecs(['chromium', 'chromium=firefox:/x'])).to.throw(
      /Two browsers are called "chromium"/,
    );
  });
});

describe('scripts on the command line', () => {
  it('are for both sides unless one is named', () => {
    expect(parseInject('a.js')).to.deep.equal({ sides: ['offerer', 'answerer'], file: 'a.js' });
    expect(parseInject('answerer=a=b.js')).to.deep.equal({ sides: ['answerer'], file: 'a=b.js' });
    expect(() => parseInject('offerer=')).to.throw(/names no file/);
  });

  it('may be an adapter of one’s own', () => {
    expect(parseAdapter('offerer=my.js')).to.deep.equal({ sides: ['offerer'], file: 'my.js' });
    expect(parseAdapter('./my.js')).to.deep.equal({ sides: [], file: './my.js' });
    expect(parseAdapter('none')).to.deep.equal({ sides: [], file: null });
    expect(() => parseAdapter('left')).to.throw(/not understood/);
  });
});
