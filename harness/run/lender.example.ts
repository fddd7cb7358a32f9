import { parseBrowserSpec } from '../config/browser-spec.ts';
import { PeerGoneError } from '../errors.ts';
import type { PageSetup } from '../peers/page-server.ts';
import type { Lender, LentPage } from './lender.ts';

/**
 * A browser whose pages answer probes, and run no cell.
 * @param has whether a page with such a setup has a capability
 */
export function exampleLender(id: string, has: (name: string, setup: PageSetup) => boolean): Lender {
  const lent = (setup: PageSetup): LentPage => ({
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
      console: setup.scripts.map(({ name }) => ({ level: 'log', text: name, at: 0 })),
      onConnectionFailed: undefined,
      gone: new Promise<PeerGoneError>(() => undefined),
      as: () => {
        throw new Error('no cell runs');
      },
      collect: async () => {
        throw new Error('no cell runs');
      },
      probe: async (names) => ({
        userAgent: '',
        has: Object.fromEntries(names.map((name) => [name, has(name, setup)])),
        codecs: { audio: { send: [], receive: [] }, video: { send: [], receive: [] } },
        headerExtensions: { audio: [], video: [] },
      }),
    },
  });
  return {
    spec: parseBrowserSpec(`${id}=chromium`),
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
