import { expect } from 'chai';
import { Command } from 'commander';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import type { UserBrowser, UserConfig } from '../config/user-config.ts';
import { addRunOptions } from './commands/run.ts';

// Mocha loads a test file without top-level await by `require`: its scenarios would be in another module than those of specs.
const { browsersOf, openProject, scenariosOf } = await import('./project.ts');

describe('a project', function () {
  this.timeout(30_000);
  let root: string;
  let folder: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'webrtc-interop-project-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const open = async (config: UserConfig, ...argv: string[]) => {
    // a folder of its own each time: a module is loaded only once
    folder = await mkdtemp(join(root, 'project-'));
    await writeFile(join(folder, 'webrtc-interop.config.json'), JSON.stringify(config));
    const command = addRunOptions(new Command('run'));
    command.parse(argv, { from: 'user' });
    return { command, project: await openProject(command, folder) };
  };

  it('has the values of its flags, else those of its configuration, else the defaults', async () => {
    const config = { timeout: 7000, retries: 2, out: 'mine', expectations: 'known.json', pairs: ['a:*'] };
    const { command } = await open(config, '--retries', '1');
    const options = command.opts();
    expect(options).to.include({ timeout: 7000, retries: 1, repeat: 1 });
    expect(options).to.include({ out: join(folder, 'mine'), expectations: join(folder, 'known.json') });
    expect(options['pairs']).to.deep.equal(['a:*']);
    expect(['retries', 'timeout', 'repeat'].map((name) => command.getOptionValueSource(name))).to.deep.equal([
      'cli',
      'config',
      'default',
    ]);
  });

  it('has a baseline and reporters, whose paths start from it', async () => {
    const { command } = await open({ baseline: 'runs/main', reporters: ['junit', './own.ts'] });
    expect(command.opts()).to.include({ baseline: join(folder, 'runs/main') });
    expect(command.getOptionValue('format')).to.deep.equal(['junit', join(folder, 'own.ts')]);
    const { command: flagged } = await open({ reporters: ['junit'] }, '--format', 'html');
    expect(flagged.getOptionValue('format')).to.deep.equal(['html']);
  });

  it('knows its own browsers by their names, and takes others as well', async () => {
    const mine: UserBrowser = { name: 'mine', kind: 'chrome', executable: 'bin/chrome', args: ['--x'] };
    const { project } = await open({ browsers: [mine, 'firefox'] });
    expect((await browsersOf(project, undefined)).map(({ id }) => id)).to.deep.equal(['mine', 'firefox']);
    const [first, second] = await browsersOf(project, ['mine', 'chromium']);
    expect(first).to.deep.include({ kind: 'chrome', executable: join(folder, 'bin/chrome'), args: ['--x'] });
    expect(second).to.deep.equal({ id: 'chromium', kind: 'chromium' });
  });

  it('refuses two browsers of one name', async () => {
    const twice = await open({ browsers: ['chrome', 'chrome'] }).then(() => 'nothing', messageOf);
    expect(twice).to.match(/Two browsers are called "chrome"/);
  });

  it('has the scenarios of the package that it wants, and the canaries always', async () => {
    const ids = async (config: UserConfig) =>
      (await scenariosOf((await open(config)).project)).scenarios.map(({ result }) => result.id);
    expect((await ids({ builtin: false })).map((id) => id.split('/')[0])).to.deep.equal(['canary', 'canary']);
    const some = await ids({ builtin: ['data-channels/message'] });
    expect(some).to.include('data-channels/message/text-echo');
    expect(some.some((id) => id.startsWith('codecs/'))).to.equal(false);
    expect(await ids({ builtin: ['no/such'] }).catch(messageOf)).to.match(/"builtin" names "no\/such"/);
  });

  it('is as difficult to a call as it says, where the scenario says nothing else', async () => {
    const signaling = { trickle: true, delayCandidatesMs: 5 };
    const { project } = await open({ builtin: ['connection/trickle'], signaling });
    const { scenarios } = await scenariosOf(project);
    const of = (id: string) => scenarios.find(({ result }) => result.id === id)?.signaling;
    expect(of('connection/trickle/on')).to.deep.equal(signaling);
    expect(of('connection/trickle/off')).to.deep.equal({ trickle: false, delayCandidatesMs: 5 });
  });
});
