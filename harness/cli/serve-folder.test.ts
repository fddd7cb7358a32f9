import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { expect } from 'chai';
import { tempDir } from '../results/temp-dir.ts';
import { serveFolder, type ServedFolder } from './serve-folder.ts';

interface Answer {
  status: number;
  type: string | undefined;
  text: string;
}

/** Sends a request with its path unchanged, which `fetch` would normalise. */
const ask = (address: string, path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(address);
    const asked = request({ hostname, port, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'], text }),
      );
    });
    asked.once('error', reject);
    asked.end();
  });

describe('a folder that is shown', () => {
  let served: ServedFolder;
  let root: string;
  let remove: () => Promise<void>;
  before(async function () {
    if (process.platform === 'win32') this.skip();
    const temp = await tempDir();
    ({ remove } = temp);
    const run = join(temp.dir, 'run');
    await mkdir(join(run, 'data'), { recursive: true });
    await writeFile(join(run, 'index.html'), '<p>report');
    await writeFile(join(run, 'data', 'index.js'), 'webrtcInterop();');
    await writeFile(join(run, 'odd.svg'), '<svg/>');
    await writeFile(join(temp.dir, 'secret'), 'secret');
    await symlink(join(temp.dir, 'secret'), join(run, 'link.json'));
    served = await serveFolder(run);
    root = new URL(served.address).pathname;
  });
  after(async () => {
    await served.close();
    await remove();
  });

  it('is served under its secret', async () => {
    expect(new URL(served.address).hostname).to.equal('127.0.0.1');
    expect(root).to.match(/^\/[0-9a-f]{32}\/$/);
    expect(await ask(served.address, root)).to.include({ status: 200, text: '<p>report' });
    const script = await ask(served.address, `${root}data/index.js?x`);
    expect(script).to.include({ status: 200, type: 'text/javascript; charset=utf-8' });
  });

  it('is told to nobody who does not know it', async () => {
    for (const path of [
      '/',
      '/index.html',
      '/data/index.js',
      `${root.slice(0, -2)}${root.endsWith('0/') ? '1' : '0'}/index.html`,
      '//index.html',
    ])
      expect((await ask(served.address, path)).status, path).to.equal(404);
  });

  it('is not read by a page elsewhere whose name leads here', async () => {
    expect((await ask(served.address, root, { Host: 'evil.example' })).status).to.equal(421);
  });

  it('is no way to what is beside it, to links or to a list', async () => {
    for (const path of [
      '../secret',
      '%2e%2e/secret',
      'data/../../secret',
      'link.json',
      'data',
      'data/',
      '%',
      '%00',
    ])
      expect((await ask(served.address, `${root}${path}`)).status, path).to.equal(404);
  });

  it('has nothing that a browser runs but what a report is made of', async () => {
    expect(await ask(served.address, `${root}odd.svg`)).to.include({ type: 'text/plain; charset=utf-8' });
  });
});
