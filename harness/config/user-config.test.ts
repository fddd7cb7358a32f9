import { expect } from 'chai';
import { messageOf } from '../errors.ts';
import { checkConfig, defineConfig } from './user-config.ts';

const complaint = (config: unknown): string => {
  try {
    checkConfig(config, 'webrtc-interop.config.ts');
    return 'nothing';
  } catch (error) {
    return messageOf(error);
  }
};

/** For every key, something that it does not take, and what the message must say. */
const bad: readonly (readonly [config: unknown, says: RegExp])[] = [
  [
    { browser: ['chrome'] },
    /browser: there is no such key\. Did you mean "browsers"\? Allowed are browsers, /,
  ],
  [{ zzz: 1 }, /zzz: there is no such key\. Allowed are browsers/],
  [[], /the whole: expected object/],
  [{ modules: { 'simple-peer': 'x' } }, /modules\.simple-peer: .*a name as scenarios give to modules/],
  [{ modules: { sp: 1 } }, /modules\.sp: expected string or array/],
  [{ pages: { offerer: 'localhost' } }, /pages\.offerer: Invalid URL/],
  [{ pages: { offerrer: 'http://x' } }, /pages\.offerrer: .*Did you mean "offerer"\?/],
  [{ services: { a: { command: [] } } }, /services\.a\.command/],
  [{ services: { a: { comand: ['x'] } } }, /services\.a\.comand: .*Did you mean "command"\?/],
  [{ browsers: [] }, /browsers: .*>=1 items/],
  [{ browsers: 'chrome' }, /browsers: expected array/],
  [{ browsers: [7] }, /browsers\[0\]: expected string or object/],
  [
    { browsers: [{ name: 'chrome', chanel: 'beta' }] },
    /browsers\[0\]\.chanel: there is no such key\. Did you mean "channel"\?/,
  ],
  [{ browsers: [{ name: 'a b', kind: 'chrome' }] }, /browsers\[0\]\.name: letters, digits/],
  [{ browsers: [{ name: 'mine' }] }, /browsers\[0\]\.kind: say which: chrome, chromium/],
  [
    { browsers: [{ name: 'x', kind: 'opera' }] },
    /browsers\[0\]\.kind: Invalid option: expected one of "chrome"/,
  ],
  [
    { browsers: [{ name: 'chrome', driver: 'selenium' }] },
    /browsers\[0\]\.driver: .*"playwright"\|"webdriverio"/,
  ],
  [{ browsers: [{ name: 'chrome', channel: 'gold' }] }, /browsers\[0\]\.channel: .*"beta"/],
  [
    { browsers: [{ name: 'firefox', channel: 'preview' }] },
    /browsers\[0\]\.channel: firefox has beta, dev, nightly/,
  ],
  [{ browsers: [{ name: 'chrome', version: 'esr' }] }, /browsers\[0\]\.version: chrome has stable, beta/],
  [{ browsers: [{ name: 'safari', version: '18' }] }, /browsers\[0\]\.version: no versions of safari/],
  [
    { browsers: [{ name: 'chrome', version: '150', channel: 'beta' }] },
    /browsers\[0\]\.executable: name one of executable, channel, version and url/,
  ],
  [{ browsers: [{ name: 'chrome', executable: 1 }] }, /browsers\[0\]\.executable: expected string/],
  [
    { browsers: [{ name: 'chrome', executable: '/x', url: 'http://a' }] },
    /browsers\[0\]\.executable: name one of/,
  ],
  [{ browsers: [{ name: 'chrome', url: 'ftp://a' }] }, /browsers\[0\]\.url: Invalid URL/],
  [
    { browsers: [{ name: 'chrome', url: 'http://a', driver: 'playwright' }] },
    /browsers\[0\]\.driver: a url is/,
  ],
  [{ browsers: [{ name: 'chrome', url: 'http://a', env: { A: 'b' } }] }, /browsers\[0\]\.env: the server/],
  [
    { browsers: [{ name: 'chrome', capabilities: { a: 1 } }] },
    /browsers\[0\]\.capabilities: .*driver: 'webdriverio'/,
  ],
  [
    { browsers: [{ name: 'chrome', driverProgram: '/x' }] },
    /browsers\[0\]\.driverProgram: .*driver: 'webdriverio'/,
  ],
  [
    { browsers: [{ name: 'chrome', url: 'http://a', driverProgram: '/x' }] },
    /browsers\[0\]\.driverProgram: the server/,
  ],
  [{ browsers: [{ name: 'phone', kind: 'url', prefs: {} }] }, /browsers\[0\]\.prefs: nobody drives/],
  [{ browsers: [{ name: 'kiosk', kind: 'command' }] }, /browsers\[0\]\.executable: name the program/],
  [{ browsers: [{ name: 'chrome', maxPages: 1 }] }, /browsers\[0\]\.maxPages: .*>=2/],
  [{ browsers: [{ name: 'chrome', slots: 2 }] }, /browsers\[0\]\.slots: .*the server at a url/],
  [{ browsers: [{ name: 'chrome', url: 'http://a', slots: 0 }] }, /browsers\[0\]\.slots: .*>=1/],
  [{ signaling: { publicUrl: 'localhost' } }, /signaling\.publicUrl: /],
  [{ browsers: [{ name: 'chrome', args: '--x' }] }, /browsers\[0\]\.args: expected array/],
  [{ browsers: [{ name: 'chrome', prefs: { a: 1 } }] }, /browsers\[0\]\.prefs: only Firefox/],
  [
    { browsers: [{ name: 'firefox', prefs: { a: [] } }] },
    /browsers\[0\]\.prefs\.a: expected string or number or boolean/,
  ],
  [{ browsers: [{ name: 'chrome', env: { A: 1 } }] }, /browsers\[0\]\.env\.A: expected string/],
  [{ pairs: 'a:b' }, /pairs: expected array/],
  [{ scenarios: ['x', 1] }, /scenarios\[1\]: expected string/],
  [{ builtin: 'all' }, /builtin: expected boolean or array/],
  [{ areas: [''] }, /areas\[0\]: /],
  [{ signaling: { trickel: false } }, /signaling\.trickel: there is no such key\. Did you mean "trickle"\?/],
  [{ signaling: { duplicateCandidates: 0 } }, /signaling\.duplicateCandidates: .*>=1/],
  [{ expectations: 1 }, /expectations: expected string/],
  [{ jobs: 0 }, /jobs: .*>=1/],
  [{ jobs: 'all' }, /jobs: expected number or "auto"/],
  [{ timeout: '5 s' }, /timeout: expected number/],
  [{ retries: -1 }, /retries: .*>=0/],
  [{ repeat: 0 }, /repeat: .*>=1/],
  [{ out: true }, /out: expected string/],
];

describe('the schema of the configuration', () => {
  for (const [config, says] of bad) {
    it(`says what is wrong with ${JSON.stringify(config)}`, () => {
      expect(complaint(config)).to.match(says);
    });
  }

  it('names the file, and everything that is wrong in it', () => {
    expect(complaint({ retries: -1, outt: 'x' })).to.match(
      /^webrtc-interop\.config\.ts does not hold:\n {2}retries: .*\n {2}outt: .*"out"/,
    );
  });

  it('takes every key that it knows', () => {
    const config = defineConfig({
      browsers: [
        'chromium',
        'nightly=firefox:/opt/nightly/firefox',
        { name: 'beta', kind: 'chrome', channel: 'beta', args: ['--x'], env: { TZ: 'UTC' } },
        { name: 'far', kind: 'chrome', url: 'http://127.0.0.1:4444', capabilities: { 'se:name': 'x' } },
        { name: 'firefox', prefs: { 'a.b': true } },
        {
          name: 'old',
          kind: 'chrome',
          driver: 'webdriverio',
          driverProgram: './chromedriver',
          maxPages: 4,
          bidi: false,
        },
        { name: 'phone', kind: 'url', signaling: 'public' },
        { name: 'kiosk', kind: 'command', executable: './kiosk', args: ['--fullscreen'], env: { A: 'b' } },
        { name: 'grid', kind: 'chrome', url: 'https://${A}:${B}@grid.test', signaling: 'public', slots: 3 },
      ],
      pairs: ['chromium:*'],
      scenarios: ['interop/**/*.spec.ts'],
      builtin: ['codecs/*'],
      areas: ['checkout'],
      modules: { SimplePeer: ['simple-peer@9.11', './build/sp.js'], app: './app.ts' },
      services: { server: { command: ['peerjs', '--port', '{port}'], ready: /up/, env: { A: 'b' } } },
      pages: { answerer: 'http://localhost:5173/' },
      signaling: {
        trickle: false,
        dropCandidates: ['.local'],
        host: '0.0.0.0',
        port: 8443,
        publicUrl: 'https://tunnel.test',
        foreignUrl: 'https://other.test',
        certificate: { key: 'key.pem', cert: 'cert.pem' },
      },
      expectations: 'known.json',
      jobs: 'auto',
      timeout: 5000,
      retries: 1,
      repeat: 2,
      out: 'out',
    });
    expect(checkConfig(config, 'x')).to.deep.equal(config);
  });
});
