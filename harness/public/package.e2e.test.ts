import { expect } from 'chai';
import { execa } from 'execa';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../own-files.ts';
import { readRun } from './results.ts';

/** The package as a new user has it: packed, and installed into an empty folder outside of the checkout. */
describe('the installed package', function () {
  this.timeout(240_000);
  let folder: string;
  let project: string;

  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await writeFile(join(project, path), text);
  };
  const inProject = (command: string, ...args: string[]) =>
    execa(command, args, { cwd: project, all: true, reject: false, stdin: 'ignore' });
  const cli = (...args: string[]) => inProject('npx', '--no-install', 'webrtc-interop', ...args);
  const browsers = ['--browsers', 'chromium,firefox'];

  before(async function () {
    this.timeout(600_000);
    folder = await mkdtemp(join(tmpdir(), 'webrtc-interop-package-'));
    project = join(folder, 'project');
    await mkdir(project);
    await execa('npm', ['pack', '--pack-destination', folder], { cwd: packageRoot });
    const manifest: unknown = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8'));
    const { version } = Object.assign({ version: '' }, manifest);
    await inProject('npm', 'init', '-y');
    await execa(
      'npm',
      [
        'install',
        '-D',
        '--prefer-offline',
        '--no-audit',
        '--no-fund',
        join(folder, `webrtc-interop-${version}.tgz`),
      ],
      { cwd: project },
    );
    // a repository of the user's own, whose commit is not the harness's
    await inProject('git', 'init');
    await inProject(
      'git',
      '-c',
      'user.name=x',
      '-c',
      'user.email=x@example.org',
      'commit',
      '--allow-empty',
      '-m',
      'x',
    );
  });

  after(async () => {
    await rm(folder, { recursive: true, force: true });
    await rm(join(packageRoot, 'dist'), { recursive: true, force: true });
  });

  it('has no dependency that it only needs while it is made', async () => {
    const { stdout } = await inProject('ls', 'node_modules');
    const installed = stdout.split('\n');
    expect(installed).to.include.members([
      'webrtc-adapter-6',
      'webrtc-adapter-7',
      'webrtc-adapter-8',
      'esbuild',
    ]);
    expect(installed).to.not.include.members(['typescript']);
    expect(installed).to.not.include.members(['tsx']);
  });

  it('lets nothing be imported but its two modules', async () => {
    const tried = async (path: string): Promise<string> =>
      (await inProject('node', '--input-type=module', '-e', `await import(${JSON.stringify(path)})`)).all;
    expect(await tried('webrtc-interop')).to.equal('');
    expect(await tried('webrtc-interop/results')).to.equal('');
    for (const path of ['dist/harness/run/run.js', 'harness/cli/bin.js', 'dist/harness/public/index.js'])
      expect(await tried(`webrtc-interop/${path}`)).to.contain('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });

  it('has types that say what holds, for a project with strict settings', async () => {
    const text = await readFile(fileURLToPath(new URL('types.check.ts', import.meta.url)), 'utf8');
    await write(
      'types/check.ts',
      text.replace("'./index.ts'", "'webrtc-interop'").replace("'./results.ts'", "'webrtc-interop/results'"),
    );
    const compilerOptions = {
      target: 'ES2023',
      lib: ['ES2023'],
      types: [],
      module: 'NodeNext',
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      skipLibCheck: true,
    };
    await write('types/package.json', '{ "type": "module" }');
    await write('types/tsconfig.json', JSON.stringify({ compilerOptions, include: ['.'] }));
    const { all } = await inProject(join(packageRoot, 'node_modules/.bin/tsc'), '-p', 'types');
    expect(all).to.equal('');
  });

  it('writes a sample by init, which is green, and overwrites nothing', async () => {
    const first = await cli('init');
    expect(first.all).to.match(/wrote webrtc-interop\.config\.ts\nwrote interop\/sample\.spec\.ts/);
    const again = await cli('init');
    expect(again.all).to.match(/left alone: webrtc-interop\.config\.ts is there already/);
    expect(again.all).to.not.contain('wrote');
    const { all, exitCode } = await cli(
      'run',
      ...browsers,
      '--areas',
      'sample',
      '--pairs',
      'chromium:firefox,firefox:chromium',
    );
    expect(exitCode, all).to.equal(0);
    const { cells, run } = await readRun(join(project, 'reports/latest'));
    const sample = cells.filter(({ scenario }) => scenario.startsWith('sample/'));
    expect(sample.map(({ status }) => status)).to.deep.equal(['pass', 'pass']);
    const { stdout: head } = await execa('git', ['rev-parse', 'HEAD'], { cwd: packageRoot });
    expect(run.harness.commit).to.be.oneOf([head, `${head}-dirty`]);
    expect(await readFile(join(project, 'reports/latest/report.css'), 'utf8')).to.contain('{');
  });

  it('turns the sample red by its fault, and says so where a fault changes nothing', async () => {
    const red = await cli('faults', '--browsers', 'chromium');
    expect(red.all).to.match(
      /✓ sample\/chat\/greeting chromium → chromium, where the offerer sends another text: fail at assert/,
    );
    expect(red.exitCode).to.equal(0);
    await write(
      'interop/idle.spec.ts',
      `import { expect, fault, single } from 'webrtc-interop';
       single({ id: 'sample/idle/nothing', title: 't', asks: 'a', level: 'info', specs: [] }, async ({ peer }) => {
         expect(await peer.run(() => 1), 'one').to.equal(1);
       });
       fault({ scenario: 'sample/idle/nothing', name: 'nothing is broken', on: 'single', page: () => undefined,
         expect: { status: 'fail', phase: 'assert', reason: /one/ } });`,
    );
    const green = await cli('faults', '--browsers', 'chromium', '--scenarios', 'sample/idle/*');
    expect(green.all).to.match(
      /✗ sample\/idle\/nothing chromium, where nothing is broken: pass\n +it must be fail at assert: \/one\//,
    );
    expect(green.exitCode).to.equal(1);
  });

  it('runs scenarios of its own, which bundle builds of adapter', async () => {
    await write(
      'builtin.config.json',
      JSON.stringify({
        browsers: [{ name: 'mine', kind: 'chromium', args: ['--lang=de-DE'] }],
        builtin: ['adapter/loading/module', 'data-channels/message/text-echo'],
      }),
    );
    const { all, exitCode } = await cli('run', '--config', 'builtin.config.json');
    expect(exitCode, all).to.equal(0);
    const { cells, browsers: ran } = await readRun(join(project, 'reports/latest'));
    expect(cells.filter(({ status }) => status === 'pass').map(({ scenario }) => scenario)).to.have.members([
      'adapter/loading/module',
      'data-channels/message/text-echo',
    ]);
    expect(ran[0]?.launchArgs).to.include('--lang=de-DE');
    expect(cells[0]?.repro).to.match(/--browsers mine .*--config builtin\.config\.json/);
  });

  it('asks about simple-peer and PeerJS as our examples do, and names what is broken', async () => {
    const libraries = ['simple-peer@9.11', 'peerjs@1', 'peer@1'];
    const installed = await inProject('npm', 'install', '-D', '--prefer-offline', '--no-audit', ...libraries);
    expect(installed.exitCode, installed.all).to.equal(0);
    for (const name of ['simple-peer.spec.ts', 'peerjs.spec.ts', 'broken'])
      await cp(join(packageRoot, 'examples', name), join(project, 'libraries', name), { recursive: true });
    await write('libraries/config.json', JSON.stringify({ scenarios: ['*.spec.ts'], builtin: false }));
    // every pair of them is tried in libraries.e2e.test.ts
    const asked = ['run', '--config', 'libraries/config.json', ...browsers, '--pairs', 'chromium:firefox'];
    const { all, exitCode } = await cli(...asked);
    expect(exitCode, all).to.equal(0);
    const { cells } = await readRun(join(project, 'reports/latest'));
    expect(cells.filter(({ status }) => status === 'pass')).to.have.lengthOf(4);
    const broken = 'SimplePeer=./libraries/broken/never-answers.cjs';
    const red = await cli(...asked, '--module', broken, '--timeout', '5000');
    expect(red.exitCode, red.all).to.equal(1);
    expect(red.all).to.match(
      /seen at the answerer \(firefox\): its answer was set here and never reached the offerer/,
    );
  });

  it('makes a cell that asserts with another copy of chai an error, although it holds', async () => {
    await cp(join(project, 'node_modules/chai'), join(project, 'foreign/node_modules/chai'), {
      recursive: true,
    });
    await write(
      'foreign/a.spec.ts',
      `import { expect } from 'chai';
       import { expect as ours, single } from 'webrtc-interop';
       single({ id: 'foreign/chai/holds', title: 't', asks: 'a', level: 'info', specs: [] }, async ({ peer }) => {
         ours(await peer.run(() => 1), 'one').to.equal(1);
         expect(1).to.equal(1);
       });`,
    );
    await write('foreign/config.json', JSON.stringify({ scenarios: ['*.spec.ts'], builtin: false }));
    const { all, exitCode } = await cli('run', '--config', 'foreign/config.json', '--browsers', 'chromium');
    expect(all).to.match(/another copy of chai/);
    expect(exitCode).to.equal(1);
    const { cells } = await readRun(join(project, 'reports/latest'));
    const cell = cells.find(({ scenario }) => scenario === 'foreign/chai/holds');
    expect([cell?.status, cell?.reason?.code]).to.deep.equal(['error', 'foreign-assertion']);
  });

  it('tells where each value of the configuration comes from; flags win', async () => {
    await write(
      'own.config.json',
      JSON.stringify({ browsers: ['chromium'], retries: 2, timeout: 7000, out: 'mine' }),
    );
    const { stdout } = await cli('config', '--config', 'own.config.json', '--retries', '1');
    const file = join(project, 'own.config.json');
    expect(stdout).to.contain(`timeout: 7000  (${file})`);
    expect(stdout).to.contain('retries: 1  (flag)');
    expect(stdout).to.contain('repeat: 1  (default)');
    expect(stdout).to.contain(`browsers: [{"id":"chromium","kind":"chromium"}]  (${file})`);
    expect(stdout).to.contain(`out: "${join(project, 'mine')}"`);
  });

  for (const [what, path, text, says] of [
    [
      'a misspelt key',
      'bad.config.ts',
      'export default { browser: [] };',
      /browser: there is no such key\. Did you mean "browsers"\?/,
    ],
    [
      'a config that throws',
      'bad.config.ts',
      '\nthrow new Error("oh");',
      /bad\.config\.ts:2:7 does not load: oh/,
    ],
    ['a config that is not there', 'other.txt', '', /There is no .*bad\.config\.ts/],
    [
      'a glob that no file fits',
      'bad.config.ts',
      "export default { scenarios: ['no/*.ts'] };",
      /"scenarios" names no\/\*\.ts/,
    ],
    [
      'a scenario of ours that is none',
      'bad.config.ts',
      "export default { builtin: ['no/such'] };",
      /"builtin" names "no\/such"/,
    ],
  ] as const) {
    it(`refuses ${what} with exit code 2, and runs nothing`, async () => {
      await rm(join(project, 'bad.config.ts'), { force: true });
      await write(path, text);
      const { all, exitCode } = await cli('run', '--config', 'bad.config.ts', '--out', 'never');
      expect(all).to.match(says);
      expect(exitCode).to.equal(2);
      const { all: left } = await inProject('ls');
      expect(left).to.not.contain('never');
    });
  }

  it('refuses an id that is declared twice with exit code 2', async () => {
    await write('twice/a.spec.ts', await readFile(join(project, 'interop/sample.spec.ts'), 'utf8'));
    await write(
      'twice.config.json',
      JSON.stringify({ scenarios: ['interop/sample.spec.ts', 'twice/*.spec.ts'] }),
    );
    const { all, exitCode } = await cli('run', '--config', 'twice.config.json');
    expect(all).to.match(
      /twice\/a\.spec\.ts:\d+.* does not load: The scenario "sample\/chat\/greeting" is declared twice/,
    );
    expect(exitCode).to.equal(2);
  });
});
