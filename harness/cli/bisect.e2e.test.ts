import { expect } from 'chai';
import { execa } from 'execa';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findExecutable } from '../drivers/executables.ts';
import { standIn } from '../drivers/releases.example.ts';
import { packageRoot } from '../own-files.ts';
import { readRun } from '../results/read-run.ts';

const bin = join(packageRoot, 'harness/cli/bin.js');
const echo = 'data-channels/message/text-echo';

/**
 * The user agent string of a version says what it does: `fine` does nothing, `broken` sends something other than it is
 * told to, `flaky` sometimes does.
 */
const scriptFor = (origin: string): string => `
  const [, how] = /Version-(\\w+)/.exec(navigator.userAgent) ?? [];
  const asked = new XMLHttpRequest();
  asked.open('GET', '${origin}', false);
  if (how === 'flaky') asked.send();
  if (how === 'broken' || asked.responseText === 'broken') {
    const { send } = RTCDataChannel.prototype;
    RTCDataChannel.prototype.send = function () { send.call(this, 'other'); };
  }
`;

describe('several versions of a browser', function () {
  this.timeout(180_000);
  let folder = '';
  let server: Server;
  let script = '';
  let chromium = '';

  const wrapping = (how: string): string => `exec ${chromium} "$@" --user-agent=Version-${how}`;
  const cli = (args: readonly string[]) =>
    execa(process.execPath, [bin, ...args], {
      cwd: folder,
      reject: false,
      all: true,
      env: { NO_COLOR: '1', PUPPETEER_CACHE_DIR: join(folder, 'cache') },
    });

  before(async function () {
    const found = await findExecutable('chromium');
    if (found === undefined || process.platform === 'win32') return this.skip();
    chromium = found.path;
    folder = await mkdtemp(join(tmpdir(), 'webrtc-interop-versions-'));
    for (const [version, how] of Object.entries({
      '150.0.1.1': 'fine',
      '151.0.1.1': 'fine',
      '152.0.1.1': 'fine',
      '153.0.1.1': 'broken',
      '154.0.1.1': 'broken',
    }))
      await standIn(join(folder, 'cache'), 'chrome', version, wrapping(how));
    for (const how of ['fine', 'flaky', 'broken']) {
      await writeFile(join(folder, how), `#!/bin/sh\n${wrapping(how)}\n`);
      await chmod(join(folder, how), 0o755);
    }
    let asked = 0;
    server = createServer((_, response) => {
      asked += 1;
      response.writeHead(200, { 'access-control-allow-origin': '*' }).end(asked % 4 < 2 ? 'fine' : 'broken');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    script = join(folder, 'script.js');
    await writeFile(
      script,
      scriptFor(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`),
    );
  });
  after(async () => {
    server?.close();
    if (folder !== '') await rm(folder, { recursive: true, force: true });
  });

  it('run side by side, each a column of its own, and diff names what they do differently', async () => {
    const out = join(folder, 'both');
    const named = [
      '--browsers',
      'chrome@150,chrome@154',
      '--pairs',
      'chrome@150:chrome@150,chrome@154:chrome@154',
    ];
    const args = ['--scenarios', echo, '--inject', `answerer=${script}`, '--out', out];
    const { exitCode, all } = await cli(['run', ...named, ...args]);
    expect(exitCode, all).to.equal(1);
    const { browsers, cells } = await readRun(out);
    expect(browsers.map(({ id }) => id)).to.deep.equal(['chrome@150', 'chrome@154']);
    expect(
      cells.filter(({ scenario }) => scenario === echo).map(({ offerer, status }) => [offerer, status]),
    ).to.have.deep.members([
      ['chrome@150', 'pass'],
      ['chrome@154', 'fail'],
    ]);
    const repro = cells.find(({ status }) => status === 'fail')?.repro ?? '';
    expect(repro).to.include('--browsers chrome@154 --pairs chrome@154:chrome@154');
    const diff = await cli(['diff', out, '--between', 'chrome@150,chrome@154', '--expectations', 'none']);
    expect(diff.exitCode, diff.all).to.equal(1);
    expect(diff.all).to.include('Newly failing (1)').and.include(`${echo}, chrome@154 → chrome@154`);
    expect(diff.all).to.include('1 regression: 1 newly failing');
    expect((await cli(['diff', out, '--between', 'chrome@154,chrome@150'])).exitCode).to.equal(0);
  });

  it('are searched for the first that changed the outcome, which is said with both cells', async () => {
    const out = join(folder, 'search');
    const { exitCode, all } = await cli([
      'bisect',
      `${echo}/chrome:chrome`,
      '--good',
      '150',
      '--bad',
      '154',
      '--inject',
      `answerer=${script}`,
      '--out',
      out,
    ]);
    expect(exitCode, all).to.equal(0);
    expect(all).to.include('5 versions, chrome@150 to chrome@154, about 2 steps between');
    expect(all).to.include(
      'chrome@153 is the first version that is bad; chrome@152 is the last that is good.',
    );
    expect(all).to.include(`good: ${echo}/chrome@152:chrome@152: pass`);
    expect(all).to.match(/bad: \S+\/chrome@153:chrome@153: fail@assert: .*the text that came back/);
    // it looked at the ends and at versions found by halving, and at nothing else
    expect((await readdir(out)).toSorted()).to.deep.equal(
      ['150', '152', '153', '154'].map((version) => `chrome@${version}`),
    );
    expect(await readdir(join(out, 'chrome@153'))).to.include('index.html');
    const [, before = '', after = ''] = /diff (\S+) (\S+) --between chrome@152,chrome@153/.exec(all) ?? [];
    const diff = await cli(['diff', before, after, '--between', 'chrome@152,chrome@153']);
    expect(diff.all).to.include('1 newly failing');
  });

  it('that are flaky are said to be so, and none is named on their word', async () => {
    const versions = ['fine', 'flaky', 'broken'].map((how) => `${how}=${join(folder, how)}`).join(',');
    const { exitCode, all } = await cli([
      'bisect',
      `${echo}/chromium:chromium`,
      '--versions',
      versions,
      '--repeat',
      '8',
      '--inject',
      `answerer=${script}`,
      '--out',
      join(folder, 'flaky-one'),
    ]);
    expect(exitCode, all).to.equal(3);
    expect(all).to.match(/^neither +flaky \(Chromium [\d.]+\): flaky \(\d of 8 passed/m);
    expect(all).to.include('It changed after fine, which is good, and not later than broken, which is bad.');
    expect(all).to.include('flaky between is neither');
  });

  it('that come to the same are an error, which says what both came to', async () => {
    const { exitCode, all } = await cli([
      'bisect',
      `${echo}/chrome:chrome`,
      '--good',
      '150',
      '--bad',
      '152',
      '--inject',
      `answerer=${script}`,
      '--out',
      join(folder, 'same'),
    ]);
    expect(exitCode, all).to.equal(1);
    expect(all).to.include('chrome@150 and chrome@152 come to the same').and.include('[not-reproduced]');
  });

  for (const [what, args, says] of [
    ['a cell that is none', ['bisect', 'chrome:firefox', '--good', '1', '--bad', '2'], /names no cell/],
    [
      'a scenario that is none',
      ['bisect', 'a/b/c/chrome:chrome', '--good', '150', '--bad', '154'],
      /No scenario/,
    ],
    ['one end', ['bisect', `${echo}/chrome:chrome`, '--good', '150'], /Name both ends/],
    [
      'two browsers',
      ['bisect', `${echo}/chrome:firefox`, '--good', '150', '--bad', '154'],
      /say which by --browser/,
    ],
    ['one run to compare', ['diff', '.'], /Name two runs/],
  ] as const) {
    it(`are not searched with ${what}`, async () => {
      const { exitCode, all } = await cli(args);
      expect(exitCode, all).to.equal(2);
      expect(all).to.match(says);
    });
  }
});
