import { expect } from 'chai';
import { startSignaling, type SignalingServer } from '../../fixtures/signaling/server.ts';
import type { Launch } from '../config/launch.ts';
import { makeScenario, type Scenario } from '../matrix/scenario.ts';
import { ExampleBrowser, examplePages } from '../peers/browser.example.ts';
import { BrowserHost } from '../peers/host.ts';
import type { Cell } from '../results/schema.ts';
import { defaultLimits } from './limits.ts';
import { RunningServices } from './services.ts';
import { Session } from './session.ts';

/** A scenario that no example browser can run: its cell is `unsupported`, by the probe of the one that was asked. */
const asking = (launch: Launch): Scenario =>
  makeScenario(
    {
      id: `api/launch/${launch}`,
      title: '',
      asks: '',
      level: 'info',
      specs: [],
      needs: ['RTCPeerConnection'],
      ...(launch === 'as-shipped' ? { launch } : {}),
    },
    'single',
    () => Promise.resolve(),
  );

describe('the launches of a run', () => {
  let server: SignalingServer;
  let session: Session;
  /** The browsers that were started, by what they were started as. */
  let started: { launch: Launch; browser: ExampleBrowser }[];

  const hostOf = (launch: Launch): BrowserHost =>
    new BrowserHost(
      { id: 'example', kind: 'chromium' },
      {
        server,
        pages: examplePages(server),
        launch,
        start: async (_, { launch: as = 'usual' }) => {
          const browser = new ExampleBrowser({ launchArgs: [`--${as}`] });
          started.push({ launch: as, browser });
          return browser;
        },
        onStarted: () => undefined,
        headed: false,
        timeoutMs: 1000,
        maxPages: 4,
      },
    );

  function open(usual: BrowserHost, asShipped: BrowserHost): void {
    session = new Session(
      {
        scripts: { offerer: [], answerer: [] },
        adapter: { name: 'adapter', source: '' },
        signal: new AbortController().signal,
        retries: 0,
        timeoutMs: 1000,
        repro: () => '',
      },
      {},
      {
        server,
        hosts: [usual],
        asShipped: [asShipped],
        store: { appendCell: async () => undefined, writeEvidence: async () => [] },
        scenarios: [asking('usual'), asking('as-shipped')],
        modules: { of: () => [] },
        services: RunningServices.none,
        limits: defaultLimits,
        close: () => server.close(),
      },
    );
  }

  const run = (launch: Launch): Promise<Cell> =>
    session.runCell({ scenario: `api/launch/${launch}`, offerer: 'example', answerer: null });
  const launched = (): Launch[] => started.map(({ launch }) => launch);

  beforeEach(async () => {
    server = await startSignaling();
    started = [];
  });
  afterEach(() => session.close());

  it('are those of its scenarios: a browser is started as a cell needs it, and not before', async () => {
    open(hostOf('usual'), hostOf('as-shipped'));
    expect((await run('usual')).status).to.equal('unsupported');
    expect(launched()).to.deep.equal(['usual']);
    expect((await run('as-shipped')).status).to.equal('unsupported');
    expect(launched()).to.deep.equal(['usual', 'as-shipped']);
  });

  it('have browsers of their own: those of one end, and the others go on', async () => {
    open(hostOf('usual'), hostOf('as-shipped'));
    await run('usual');
    await run('as-shipped');
    await session.end('usual');
    const alive = await Promise.all(started.map(({ browser }) => browser.isAlive()));
    expect(alive).to.deep.equal([false, true]);
  });

  it('leave a browser that they share until the last has ended', async () => {
    const device = hostOf('usual');
    open(device, device);
    await run('usual');
    await session.end('usual');
    expect((await run('as-shipped')).status).to.equal('unsupported');
    await session.end('as-shipped');
    expect(launched()).to.deep.equal(['usual']);
    expect(await started[0]?.browser.isAlive()).to.equal(false);
  });

  it('are all in the result: what each was started with', async () => {
    open(hostOf('usual'), hostOf('as-shipped'));
    await run('usual');
    expect(session.browserResults().map(({ asShipped }) => asShipped)).to.deep.equal([undefined]);
    await run('as-shipped');
    const [browser] = session.browserResults();
    expect(browser?.launchArgs).to.deep.equal(['--usual']);
    expect(browser?.asShipped).to.deep.equal({ launchArgs: ['--as-shipped'], prefs: {} });
  });

  it('are in the result where there was no usual one', async () => {
    open(hostOf('usual'), hostOf('as-shipped'));
    await run('as-shipped');
    const [browser, ...others] = session.browserResults();
    expect(others).to.deep.equal([]);
    expect(browser).to.include({ id: 'example', version: '1.0' });
    expect(browser?.asShipped?.launchArgs).to.deep.equal(['--as-shipped']);
  });

  it('may be started ahead of cells, so that a run which goes on knows its browsers', async () => {
    open(hostOf('usual'), hostOf('as-shipped'));
    await session.started({ scenario: 'api/launch/as-shipped', offerer: 'example', answerer: null }, 'usual');
    expect(launched()).to.deep.equal(['usual']);
    expect(session.browserResults()).to.have.length(1);
  });
});
