import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { BrowserSpec } from '../config/browser-spec.ts';
import { moduleColumns, parseModule } from '../config/module-columns.ts';
import { moduleLoader } from '../config/module-loader.ts';
import { readSideScripts } from '../config/scripts.ts';
import { loadFrom } from '../matrix/page-module.ts';
import { cellsOf, pairsOf, type PlannedCell } from '../matrix/plan.ts';
import {
  declaredScenarios,
  makeScenario,
  onScenario,
  type Scenario,
  type PairContext,
  type SingleContext,
} from '../matrix/scenario.ts';
import { EvidenceReader } from '../results/evidence-reader.ts';
import { wholeOf } from '../results/read-run.ts';
import type { Cell } from '../results/schema.ts';
import * as own from '../public/index.ts';
import { ownPageScript } from '../peers/page-server.ts';
import { packageRoot } from './environment.ts';
import { run } from './run.ts';

const libraries = ['simple-peer', 'peerjs', 'mediasoup-client'];
const examples = join(packageRoot, 'examples');
const chromium: BrowserSpec = { id: 'chromium', kind: 'chromium' };
const firefox: BrowserSpec = { id: 'firefox', kind: 'firefox' };

const brief = ({ status, phase, reason }: Cell): string =>
  `${status}@${String(phase)} ${String(reason?.peer)}: ${reason?.message ?? ''}`;

/** An application that knows nothing of us except in its first line, and signals as its user says. */
const applicationSource = `
  const pc = new RTCPeerConnection();
  const heard = new Promise((resolve) => {
    const listen = (channel) => (channel.onmessage = ({ data }) => (channel.send(data), resolve(data)));
    pc.ondatachannel = ({ channel }) => listen(channel);
    globalThis.start = () => {
      const channel = pc.createDataChannel('app');
      channel.onopen = () => channel.send('hello from an application');
      listen(channel);
    };
  });
  const complete = async (description) => {
    await pc.setLocalDescription(description);
    while (pc.iceGatheringState !== 'complete') await new Promise((resolve) => pc.addEventListener('icegatheringstatechange', resolve, { once: true }));
    return pc.localDescription.toJSON();
  };
  globalThis.application = {
    offer: () => (start(), complete()),
    answer: async (offer) => (await pc.setRemoteDescription(offer), complete()),
    accept: (answer) => pc.setRemoteDescription(answer),
    heard: () => heard,
  };
`;

interface Application {
  offer(): Promise<RTCSessionDescriptionInit>;
  answer(offer: RTCSessionDescriptionInit): Promise<RTCSessionDescriptionInit>;
  accept(answer: RTCSessionDescriptionInit): Promise<void>;
  heard(): Promise<string>;
}
declare global {
  var application: Application;
}

/** Code that runs in the page must not see that the page observes its connections. */
const looks = makeScenario(
  {
    id: 'connection/observer/looks',
    title: 'The page as the browser made it',
    asks: 'Do scripts of the page find RTCPeerConnection as in a window that nothing has touched?',
    level: 'must',
    specs: [],
  },
  'single',
  async ({ peer }: SingleContext<Agent>) => {
    const { changes, same, outcomes } = await peer.run(async (agent) => {
      const fresh = await agent.freshWindow();
      const words = ({ RTCPeerConnection: made, Function: { prototype } }: Window & typeof globalThis) =>
        [made, made.prototype.createOffer, made.prototype.close, prototype.toString].map(
          (one) => `${one.name} ${String(one.length)} ${prototype.toString.call(one)} ${String(one)}`,
        );
      class Mine extends RTCPeerConnection {}
      const [plain, mine] = [new RTCPeerConnection(), new Mine()];
      const thrown = (make: () => unknown): string => {
        try {
          return String(make());
        } catch (error) {
          return String(error);
        }
      };
      const byCallback = new Promise<string>((resolve) => {
        agent.callByName(
          plain,
          'createOffer',
          ({ type }: RTCSessionDescription) => resolve(type),
          () => resolve('refused'),
        );
      });
      const unhandled = new Promise<string>((resolve) => {
        addEventListener('unhandledrejection', (event) => {
          event.preventDefault();
          resolve(event.reason instanceof DOMException ? 'a DOMException' : 'something else');
        });
      });
      void mine.setRemoteDescription({ type: 'answer', sdp: '' });
      const outcomes = [
        await byCallback,
        await unhandled,
        thrown(() => Reflect.apply(RTCPeerConnection, undefined, [])),
        thrown(() => Reflect.construct(RTCPeerConnection, [5])),
      ];
      const native = [
        thrown(() => Reflect.apply(fresh.window.RTCPeerConnection, undefined, [])),
        thrown(() => Reflect.construct(fresh.window.RTCPeerConnection, [5])),
      ];
      const ours = (path: string) =>
        !path.startsWith('webrtcInterop') && /RTCPeerConnection|toString/.test(path);
      return {
        changes: [
          ...agent
            .surfaceChanges(agent.surface(fresh.window), agent.surface(window))
            .filter(({ path }) => ours(path)),
          ...words(window).filter((line, at) => line !== words(fresh.window)[at]),
        ],
        same: [
          plain instanceof RTCPeerConnection,
          plain.constructor === RTCPeerConnection,
          mine instanceof Mine && mine instanceof RTCPeerConnection,
          Object.getPrototypeOf(plain) === RTCPeerConnection.prototype,
          Object.keys(plain).length === 0,
          outcomes.slice(2).join() === native.join(),
        ],
        outcomes: outcomes.slice(0, 2),
      };
    });
    expect(changes, 'what looks otherwise').to.deep.equal([]);
    expect(same, 'what holds of its objects').to.deep.equal([true, true, true, true, true, true]);
    expect(outcomes, 'the old form, and a rejection that nobody handles').to.deep.equal([
      'offer',
      'a DOMException',
    ]);
  },
);

const inOwnPages = (origin: string): Scenario =>
  makeScenario(
    {
      id: 'data-channels/own-page/hello',
      title: 'An application of the user',
      asks: 'Do two pages that the user serves talk?',
      level: 'must',
      specs: [],
      pages: { offerer: `${origin}/?room=1`, answerer: `${origin}/?room=1` },
    },
    'pair',
    async ({ offerer, answerer }: PairContext<Agent>) => {
      const offer = await offerer.run(() => globalThis.application.offer());
      const answer = await answerer.run((_, offer) => globalThis.application.answer(offer), offer);
      await offerer.run((_, answer) => globalThis.application.accept(answer), answer);
      for (const side of [offerer, answerer]) {
        const heard = await side.run(() => globalThis.application.heard());
        expect(heard, 'what the application heard').to.equal('hello from an application');
      }
      const { protocol, room } = await offerer.run(() => ({
        protocol: location.protocol,
        room: new URLSearchParams(location.search).get('room'),
      }));
      expect([protocol, room], 'where it runs').to.deep.equal(['http:', '1']);
    },
  );

/** Descriptions and statistics of both sides. */
function expectUsualEvidence({ evidence }: Pick<Cell, 'evidence'>): void {
  const kinds = evidence.map(({ kind, peer }) => `${kind} ${String(peer)}`);
  expect(kinds).to.include.members(['offer offerer', 'answer answerer', 'stats offerer', 'stats answerer']);
}

describe('libraries in the page', () => {
  const folders: string[] = [];

  before(async () => {
    // whoever loads them runs them
    onScenario(() => undefined);
    const load = moduleLoader({ 'webrtc-interop': own });
    for (const name of libraries) {
      const file = join(examples, `${name}.spec.ts`);
      await loadFrom(pathToFileURL(file), () => load(file));
    }
  });

  after(async () => {
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });

  const runCells = (
    library: string,
    browsers: readonly BrowserSpec[],
    pairs: readonly { offerer: string; answerer: string }[],
    timeoutMs?: number,
  ) =>
    runScenarios(
      declaredScenarios().filter(({ result }) => result.id.includes(library)),
      browsers,
      pairs,
      timeoutMs,
    );

  async function runScenarios(
    scenarios: readonly Scenario[],
    browsers: readonly BrowserSpec[],
    pairs: readonly { offerer: string; answerer: string }[],
    timeoutMs = 20_000,
  ): Promise<{ cells: Cell[]; read: (cell: Cell, name: string) => Promise<string> }> {
    const out = await mkdtemp(join(tmpdir(), 'webrtc-interop-libraries-'));
    folders.push(out);
    const { scripts, adapter } = await readSideScripts([], 'none');
    const cells: PlannedCell[] = scenarios.flatMap((scenario) => cellsOf(scenario, pairs));
    const stored = await run({
      browsers,
      scenarios,
      cells,
      shard: null,
      out,
      latest: null,
      jobs: 1,
      retries: 0,
      timeoutMs,
      headed: false,
      scripts,
      adapter,
      argv: [],
      repro: ({ scenario }) => scenario,
      // what is broken on purpose has nothing to do with load
      isKnown: ({ offerer, answerer }) => [offerer, answerer].includes('broken'),
      signal: new AbortController().signal,
    });
    const results = await wholeOf(stored);
    const reader = new EvidenceReader(out);
    const read = async (cell: Cell, name: string): Promise<string> => {
      const piece = cell.evidence.find(({ path }) => path.endsWith(name));
      const found = piece && (await reader.find(piece));
      return found && 'content' in found ? found.content.toString('utf8') : `there is no ${name}`;
    };
    return { cells: results.cells, read };
  }

  it('find the constructor and the methods as the browser made them', async () => {
    const { cells } = await runScenarios([looks], [chromium, firefox], pairsOf(['chromium', 'firefox']));
    expect(cells.map(brief)).to.deep.equal(['pass@null undefined: ', 'pass@null undefined: ']);
  }).timeout(60_000);

  for (const library of libraries) {
    it(`work over four ordered pairs: ${library}, and every connection is in evidence`, async () => {
      const { cells, read } = await runCells(
        `/${library}/`,
        [chromium, firefox],
        pairsOf(['chromium', 'firefox']),
      );
      expect(cells.map(brief)).to.deep.equal(Array.from({ length: 8 }, () => 'pass@null undefined: '));
      for (const cell of cells) {
        expectUsualEvidence(cell);
        const events = await read(cell, 'events.jsonl');
        expect(events).to.match(/"side":"offerer".*"event":"connectionstatechange","detail":"connected"/);
        expect(events).to.match(/"side":"answerer".*"event":"connectionstatechange","detail":"connected"/);
        expect(await read(cell, 'offerer-stats.json')).to.match(/"type": "transport"/);
      }
    }).timeout(120_000);
  }

  async function serve(policy: string): Promise<{ origin: string; close: () => void }> {
    const script = `${await ownPageScript()}\n${applicationSource}`;
    const server = createServer((request, response) => {
      const isScript = request.url === '/app.js';
      response.writeHead(200, {
        'content-type': isScript ? 'text/javascript' : 'text/html',
        'content-security-policy': policy,
      });
      response.end(
        isScript ? script : '<!doctype html><title>app</title><script type="module" src="/app.js"></script>',
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('it has no port');
    return {
      origin: `http://localhost:${String(address.port)}`,
      close: () => {
        server.close();
        server.closeAllConnections();
      },
    };
  }

  it('may be a whole application of the user, on pages of its own, with the same evidence', async () => {
    const { origin, close } = await serve(
      "default-src 'self'; script-src 'self' 'unsafe-eval'; connect-src ws://127.0.0.1:*",
    );
    try {
      const { cells, read } = await runScenarios(
        [inOwnPages(origin)],
        [chromium, firefox],
        pairsOf(['chromium', 'firefox']),
      );
      expect(cells.map(brief)).to.deep.equal(Array.from({ length: 4 }, () => 'pass@null undefined: '));
      for (const cell of cells) {
        expectUsualEvidence(cell);
        // not the channel: Chromium's statistics may be 50 ms old, and from before it was there
        expect(await read(cell, 'answerer-stats.json')).to.match(/"type": "transport"/);
      }
    } finally {
      close();
    }
  }).timeout(120_000);

  it('are told what their page has to allow, where its policy does not', async () => {
    const { origin, close } = await serve("default-src 'self'; connect-src ws://127.0.0.1:*");
    try {
      const { cells } = await runScenarios([inOwnPages(origin)], [chromium], pairsOf(['chromium']));
      expect(cells.map(brief).join()).to.match(/^error@signaling .*script-src 'unsafe-eval'/);
    } finally {
      close();
    }
  }).timeout(120_000);

  it('run in versions side by side, one at each end as well', async () => {
    const choice = parseModule(
      'SimplePeer=simple-peer@9.11/simplepeer.min.js,simple-peer@9.10/simplepeer.min.js',
    );
    const columns = moduleColumns([chromium], [choice]);
    const [newer = '', older = ''] = columns.map(({ id }) => id);
    const pairs = [
      { offerer: newer, answerer: older },
      { offerer: older, answerer: newer },
    ];
    const { cells } = await runCells('/simple-peer/text', columns, pairs);
    expect(cells.map(brief)).to.deep.equal(['pass@null undefined: ', 'pass@null undefined: ']);
  }).timeout(120_000);

  const broken = (name: string, kind: BrowserSpec): BrowserSpec => ({
    ...kind,
    id: 'broken',
    modules: { SimplePeer: join(examples, 'broken', name) },
  });

  for (const [offerer, answerer] of [
    ['broken', 'firefox'],
    ['firefox', 'broken'],
  ] as const) {
    const side = offerer === 'broken' ? 'offerer' : 'answerer';
    it(`are red, and the ${side} is named, where its library keeps every second message`, async () => {
      const browsers = [broken('keeps-every-second.cjs', chromium), firefox];
      const { cells } = await runCells('/simple-peer/text', browsers, [{ offerer, answerer }], 5000);
      expect(cells.map(brief)).to.have.lengthOf(1);
      expect(cells.map(brief)[0]).to.match(
        new RegExp(
          `^timeout@sctp ${side}: seen at the ${side} \\(broken\\): .*4 messages to go out; last seen: 2`,
        ),
      );
    }).timeout(60_000);
  }

  it('are red, and the answerer is named, where its library never gives its answer away', async () => {
    const browsers = [firefox, broken('never-answers.cjs', chromium)];
    const pairs = [{ offerer: 'firefox', answerer: 'broken' }];
    const { cells } = await runCells('/simple-peer/text', browsers, pairs, 5000);
    expect(cells.map(brief)).to.have.lengthOf(1);
    expect(cells.map(brief)[0]).to.match(
      /^timeout@sdp answerer: seen at the answerer \(broken\): its answer was set here and never reached the offerer/,
    );
  }).timeout(60_000);
});
