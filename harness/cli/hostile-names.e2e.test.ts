import { expect } from 'chai';
import { execa } from 'execa';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../run/environment.ts';

const bin = join(packageRoot, 'harness/cli/bin.js');
/** Clears the screen, sets the title, turns the direction of writing, and sets a colour by C1. */
const hostile = 'a\u001B[2J\u001B]0;owned\u0007\u202Eb\u2067c\u009B31md';
const controls =
  // oxlint-disable-next-line no-control-regex -- it is about these
  /[\0-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2066-\u2069]/u;

describe('names that would drive a terminal', function () {
  let folder: string;
  before(async function () {
    if (process.platform === 'win32') this.skip();
    folder = await mkdtemp(join(tmpdir(), 'webrtc-interop-names-'));
    // a browser below such a path, that says such a version
    const browser = join(folder, hostile, 'chromium');
    await mkdir(join(folder, hostile));
    await writeFile(browser, `#!/bin/sh\nprintf '%s\\n' '${hostile} 1.2.3${hostile}'\n`);
    await chmod(browser, 0o755);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const path = (): string => join(folder, hostile);
  const commands: Readonly<Record<string, () => string[]>> = {
    doctor: () => [],
    'doctor --json': () => [],
    list: () => ['--scenarios', hostile],
    'list --grep': () => [hostile],
    plan: () => ['--pairs', `${hostile}:chromium`],
    'plan --json': () => ['--browsers', `x=chromium:${path()}`, '--grep', 'text-echo'],
    'run --browsers': () => [
      `x=chromium:${path()}/gone`,
      '--grep',
      'text-echo',
      '--out',
      join(path(), 'run'),
    ],
    'run --inject': () => [`both=${path()}/gone.js`, '--browsers', 'chromium', '--grep', 'text-echo'],
    'run --resume': () => [path()],
    'run --format': () => [hostile],
    report: () => [path()],
    install: () => [hostile],
    'signal --host': () => [hostile],
    [hostile]: () => [],
  };
  for (const [command, args] of Object.entries(commands)) {
    it(`do not drive it in what \`${command.replaceAll(/[^\w -]/g, '…')}\` says`, async () => {
      const words = command === hostile ? [hostile] : command.split(' ');
      const { stdout, stderr } = await execa(process.execPath, [bin, ...words, ...args()], {
        cwd: folder,
        reject: false,
        env: { NO_COLOR: '1', PATH: `${path()}:${process.env['PATH'] ?? ''}` },
      });
      expect(`${stdout}${stderr}`).not.to.equal('');
      expect(controls.exec(stdout)).to.equal(null);
      expect(controls.exec(stderr)).to.equal(null);
    });
  }
}).timeout(60_000);
