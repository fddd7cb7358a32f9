import { expect } from 'chai';
import { execa } from 'execa';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../own-files.ts';
import { readRun } from '../results/read-run.ts';

describe('a peer that is no browser', function () {
  this.timeout(120_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'webrtc-interop-library-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('takes part with the RTCPeerConnection of a Node library, and what it lacks is unsupported', async () => {
    const program = join(packageRoot, 'examples/node-peer/main.mjs');
    const wrtc = {
      name: 'wrtc',
      kind: 'command',
      executable: process.execPath,
      args: [program, '@roamhq/wrtc'],
    };
    const config = join(folder, 'webrtc-interop.config.json');
    await writeFile(config, JSON.stringify({ browsers: [wrtc] }));
    const ids = 'data-channels/message/text-echo,dom-capture/canvas-track/*';
    const bin = join(packageRoot, 'harness/cli/bin.js');
    const args = ['run', '--config', config, '--out', join(folder, 'out'), '--scenarios', ids];
    // its library is looked for where the command runs
    const { all } = await execa(process.execPath, [bin, ...args], {
      cwd: packageRoot,
      reject: false,
      all: true,
      env: { NO_COLOR: '1' },
    });
    const { run, browsers, cells } = await readRun(join(folder, 'out'), () => undefined);
    expect(run.complete, all).to.equal(true);
    expect(browsers.map(({ product }) => product)).to.deep.equal(['@roamhq/wrtc']);
    const echo = cells.find(({ scenario }) => scenario.endsWith('text-echo'));
    const came = echo?.checks.filter(({ name }) => name.startsWith('the text that'));
    expect(
      came?.map(({ ok }) => ok),
      all,
    ).to.deep.equal([true, true]);
    const drawn = cells.filter(({ scenario }) => scenario.startsWith('dom-capture/'));
    expect(new Set(drawn.map(({ status }) => status))).to.deep.equal(new Set(['unsupported']));
  });
});
