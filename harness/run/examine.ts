import { startSignaling } from '../../fixtures/signaling/server.ts';
import type { DrivenSpec } from '../config/browser-spec.ts';
import { endpointOf } from '../config/endpoint.ts';
import { readSideScripts } from '../config/scripts.ts';
import { signalingOf, type PublicSignaling } from '../config/signaling.ts';
import type { RunningBrowser } from '../drivers/driver.ts';
import { serverWords } from '../drivers/endpoint-errors.ts';
import { startBrowser } from '../drivers/index.ts';
import { messageOf } from '../errors.ts';
import { BrowserHost } from '../peers/host.ts';
import { GivenUpError, usualRetries } from '../peers/launching.ts';
import { servePeerPage } from '../peers/page-server.ts';
import type { ProbeAnswer } from '../protocol/agent.ts';
import { Prober } from './capabilities.ts';
import { openEntrances } from './entrances.ts';

/** One thing that was looked at. */
export interface Finding {
  what:
    | 'server'
    | 'session'
    | 'WebDriver BiDi'
    | 'fixture'
    | 'secure context'
    | 'RTCPeerConnection'
    | 'sound'
    | 'H.264';
  /** `lacks`: cells that need it are unsupported, or it shows less; `broken`: no cell can run. */
  is: 'good' | 'lacks' | 'broken';
  /** In words: what is there, or why it is not and what to do. */
  says: string;
}

/** What was found of a browser, in the order in which a run needs it; it ends with the first thing that is broken. */
export interface Examination {
  id: string;
  kind: DrivenSpec['kind'];
  findings: Finding[];
}

/** Enough for a browser that is far away, or that starts afresh. */
const timeoutMs = 60_000;

/** What pages are asked, by what it is for. */
const asked = {
  secure: 'context:secure',
  connection: 'RTCPeerConnection',
  sound: 'audio:runs',
  sends: 'codec:video/H264:send',
  receives: 'codec:video/H264:receive',
} as const;

/**
 * Starts browsers as a run would, and looks at what decides whether a run can: for each, the server that steers it, the
 * way from its page to the fixture, and what a page of it has. Never rejects for what is wrong with a browser.
 * @throws {UsageError} as `openEntrances`
 */
export async function examine(
  browsers: readonly DrivenSpec[],
  signaling: PublicSignaling,
): Promise<Examination[]> {
  const server = await startSignaling();
  try {
    const origins = await openEntrances(server, { browsers, signaling });
    const { adapter } = await readSideScripts([], 'none');
    const pages = await servePeerPage(server, adapter);
    const examineOne = async (spec: DrivenSpec): Promise<Examination> => {
      const findings: Finding[] = [];
      const host = new BrowserHost(spec, {
        server,
        pages: pages.at(origins[signalingOf(spec)]),
        start: () => startBrowser(spec, { headed: false, timeoutMs }),
        onStarted: (browser, afterMs) => findings.push(...ofBrowser(browser, afterMs)),
        headed: false,
        timeoutMs,
        maxPages: 2,
        retries: { ...usualRetries, pausesMs: [] },
      });
      try {
        if (spec.endpoint !== undefined)
          findings.push(good('server', await serverWords(spec, endpointOf(spec.endpoint))));
        const { answer } = await new Prober(Object.values(asked)).probe(host, { scripts: [] });
        findings.push(
          good('fixture', `its pages find the harness at ${origins[signalingOf(spec)].origin}`),
          ...ofPage(answer),
        );
      } catch (error) {
        findings.push({ what: brokenAt(spec, findings), is: 'broken', says: wordsOf(error) });
      } finally {
        await host.close();
      }
      return { id: spec.id, kind: spec.kind, findings };
    };
    return await Promise.all(browsers.map(examineOne));
  } finally {
    await server.close();
  }
}

const good = (what: Finding['what'], says: string): Finding => ({ what, is: 'good', says });
const found = (what: Finding['what'], is: boolean, has: string, lacks: string): Finding =>
  is ? good(what, has) : { what, is: 'lacks', says: lacks };

/** The first thing that is not known to be good. */
function brokenAt({ endpoint }: DrivenSpec, findings: readonly Finding[]): Finding['what'] {
  const known = new Set(findings.map(({ what }) => what));
  if (endpoint !== undefined && !known.has('server')) return 'server';
  return known.has('session') ? 'fixture' : 'session';
}

/** What went wrong itself, without how often it was tried. */
const wordsOf = (error: unknown): string => messageOf(error instanceof GivenUpError ? error.cause : error);

/** Why there is no WebDriver BiDi. */
const unspoken = {
  spoken: '',
  unreached:
    'its server names a WebSocket that leads nowhere: no console lines of the driver; bidi: false does not ask for it',
  'not offered': 'its server has none: no console lines of the driver',
} as const;

function ofBrowser({ details: { product, version, bidi } }: RunningBrowser, afterMs: number): Finding[] {
  const session = good('session', `${product} ${version}, started in ${(afterMs / 1000).toFixed(1)} s`);
  if (bidi === undefined) return [session];
  return [session, found('WebDriver BiDi', bidi === 'spoken', 'it is reached', unspoken[bidi])];
}

function ofPage({ has }: ProbeAnswer): Finding[] {
  const is = (name: string): boolean => has[name] === true;
  const h264 = [...(is(asked.sends) ? ['sends'] : []), ...(is(asked.receives) ? ['receives'] : [])];
  return [
    found(
      'secure context',
      is(asked.secure),
      'its pages are one',
      'its pages are none, and have no capture: give the fixture TLS, or an address of loopback',
    ),
    found('RTCPeerConnection', is(asked.connection), 'it has one', 'it has none: its pairs are unsupported'),
    found(
      'sound',
      is(asked.sound),
      'an AudioContext runs',
      'an AudioContext does not run: Firefox needs an audio server on its machine, others that sound needs no click',
    ),
    found(
      'H.264',
      h264.length === 2,
      'it sends and receives it',
      h264.length === 0 ? 'it has none; Firefox needs its OpenH264 plug-in' : `it ${h264.join('')} it only`,
    ),
  ];
}
