import { Ajv } from 'ajv';
import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { compatOf, ofNewest, type Difference } from './compat.ts';

/** `schemas/compat-data.schema.json` of mdn/browser-compat-data, version 8.0.10 (CC0), without the link to WebGL's registry. */
const schema: unknown = JSON.parse(
  await readFile(new URL('compat-data.schema.json', import.meta.url), 'utf8'),
);

const status = { experimental: false, standard_track: true, deprecated: false };
const difference = (path: string, browser: string, version: string | false): Difference => ({
  path,
  browser,
  support: { version_added: version },
  status,
});

describe('differences from browser-compat-data', () => {
  const validate = new Ajv({ strict: false, formats: { uri: true } }).compile(Object(schema));

  it('are valid against its own schema', () => {
    const compat = compatOf([
      difference('api.RTCPeerConnection.restartIce', 'chrome', '≤156'),
      difference('api.RTCPeerConnection.restartIce', 'firefox', false),
      difference('api.RTCPeerConnection', 'safari', '26.1'),
      difference('api.MediaDevices.devicechange_event', 'firefox', false),
    ]);
    expect(validate(compat), JSON.stringify(validate.errors)).to.equal(true);
    expect(compat.api).to.deep.equal({
      MediaDevices: {
        devicechange_event: { __compat: { support: { firefox: { version_added: false } }, status } },
      },
      RTCPeerConnection: {
        __compat: { support: { safari: { version_added: '26.1' } }, status },
        restartIce: {
          __compat: {
            support: { chrome: { version_added: '≤156' }, firefox: { version_added: false } },
            status,
          },
        },
      },
    });
  });

  it('are those of the newest version of a browser', () => {
    const path = 'api.RTCPeerConnection.restartIce';
    const found = new Map([
      ['chrome@150', [difference(path, 'chrome', false), difference(`${path}2`, 'edge', '≤150')]],
      ['firefox', [difference(path, 'firefox', '≤153')]],
      ['chromium', [difference(path, 'chrome', '≤156')]],
    ]);
    const browsers = [
      { id: 'chrome@150', engine: 'chromium', version: '150.0.7871.100' },
      { id: 'firefox', engine: 'gecko', version: '153.7.0' },
      { id: 'chromium', engine: 'chromium', version: '156.0.8078.108' },
    ] as const;
    expect(
      ofNewest(found, browsers).map(({ browser, support }) => [browser, support.version_added]),
    ).to.deep.equal([
      ['edge', '≤150'],
      ['firefox', '≤153'],
      ['chrome', '≤156'],
    ]);
    // the newer one is as MDN says
    expect(
      ofNewest(new Map([...found, ['chromium', []]]), browsers).map(({ browser }) => browser),
    ).to.deep.equal(['firefox']);
  });

  it('are told apart by that schema from what is none', () => {
    expect(validate(compatOf([difference('api.RTCPeerConnection', 'netscape', '4')]))).to.equal(false);
    expect(validate(compatOf([difference('api.RTCPeerConnection', 'chrome', 'lately')]))).to.equal(false);
  });
});
