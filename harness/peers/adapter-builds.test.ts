import { expect } from 'chai';
import { startSignaling, type SignalingServer } from '../../fixtures/signaling/server.ts';
import { readScript } from '../config/script.ts';
import { adapterFile } from '../config/scripts.ts';
import { serveAdapterBuilds } from './adapter-builds.ts';

describe('the builds of adapter', () => {
  let server: SignalingServer;

  before(async () => {
    server = await startSignaling();
    serveAdapterBuilds(server, await readScript(adapterFile()));
  });
  after(() => server.close());

  const get = (path: string) => fetch(`${server.origin}${path}`);

  it('come in every form for each of the last four majors, asked for at once', async () => {
    const paths = [6, 7, 8, 9].flatMap((version) =>
      ['script', 'module', 'bundle', 'traced'].map((form) => `/adapter/${String(version)}/${form}.js`),
    );
    const answers = await Promise.all(paths.map(get));
    expect(answers.map(({ status }) => status)).to.deep.equal(paths.map(() => 200));
  }).timeout(60_000);

  it('call every shim through traceShim in the traced form', async () => {
    const source = await (await get('/adapter/9/traced.js')).text();
    expect(source.match(/traceShim\(/g)).to.have.lengthOf.at.least(40);
    expect(source).to.include('traceShim("chromeShim.shimOnTrack"');
  }).timeout(30_000);

  it('has the one of --adapter as it is, and traced', async () => {
    const [script, traced] = await Promise.all(
      ['script', 'traced'].map(async (form) => (await get(`/adapter/given/${form}.js`)).text()),
    );
    expect(script).not.to.include('traceShim');
    expect(traced).to.include("traceShim('chromeShim.shimOnTrack'");
  });

  it('are not found under a version or a form that there is not', async () => {
    const answers = await Promise.all(['/adapter/5/script.js', '/adapter/9/nothing.js'].map(get));
    expect(answers.map(({ status }) => status)).to.deep.equal([404, 404]);
  });
});
