import { expect } from 'chai';
import { parseBrowserSpec } from '../config/browser-spec.ts';
import { PeerGoneError } from '../errors.ts';
import { makeScenario } from '../matrix/scenario.ts';
import { Browsers } from './browsers.ts';
import type { Lender, LentPage } from './lender.ts';

/** A browser that has everything, and keeps what each of its pages was asked for. */
function host(asked: string[]): Lender {
  const lent = (): LentPage => ({
    browser: {
      exited: new Promise(() => undefined),
      replaced: async () => undefined,
      isAlive: async () => true,
    },
    page: {
      screenshot: async () => Buffer.from('png'),
      console: async () => [],
      crash: async () => undefined,
      died: new Promise(() => undefined),
    },
    peer: {
      member: {
        token: '',
        send: () => undefined,
        onRpc: undefined,
        closed: new Promise(() => undefined),
        isOpen: true,
        close: () => undefined,
      },
      console: [],
      onConnectionFailed: undefined,
      gone: new Promise<PeerGoneError>(() => undefined),
      as: () => {
        throw new Error('no cell runs');
      },
      collect: async () => {
        throw new Error('no cell runs');
      },
      probe: async (names) => {
        asked.push(names.join());
        return {
          userAgent: '',
          has: Object.fromEntries(names.map((name) => [name, true])),
          codecs: { audio: { send: [], receive: [] }, video: { send: [], receive: [] } },
          headerExtensions: { audio: [], video: [] },
        };
      },
    },
  });
  return {
    spec: parseBrowserSpec('a=chromium'),
    details: {
      engine: 'chromium',
      product: 'Fake',
      version: '1',
      driver: { name: 'playwright', version: '1' },
      launchArgs: [],
      prefs: {},
      reasons: [],
    },
    acquire: async (setups) => setups.map(lent),
    release: () => undefined,
    discard: async () => undefined,
    exitOf: () => undefined,
    endIfHung: async () => ({ as: 'lives' }),
    prepare: async () => undefined,
    close: async () => undefined,
  };
}

describe('the browsers of a run', () => {
  const scenario = makeScenario(
    {
      id: 'connection/some/thing',
      title: '',
      asks: '',
      level: 'info',
      specs: [],
      needs: ['RTCDtlsTransport'],
    },
    'pair',
    async () => undefined,
  );
  const cell = { scenario: 'connection/some/thing', offerer: 'a', answerer: 'a' };

  it('are asked once for everything, and a page with scripts of one cell for what that needs', async () => {
    const asked: string[] = [];
    const options = { scripts: { offerer: [], answerer: [] }, adapter: { name: 'adapter', source: '' } };
    const browsers = new Browsers([host(asked)], ['everything'], options, {}, { of: () => [] });
    const variation = { scripts: { answerer: [{ name: 'a fault', source: '' }] } };
    for (const varied of [{}, variation, variation])
      await browsers.unsupported(scenario, browsers.sides(cell, scenario, varied), varied);
    expect(asked).to.deep.equal(['everything', 'RTCDtlsTransport,RTCPeerConnection']);
  });
});
