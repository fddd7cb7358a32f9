import { expect } from 'chai';
import { execa } from 'execa';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cell, runOf } from '../compare/example.ts';
import { messageOf } from '../errors.ts';
import type { Results } from '../results/schema.ts';
import { tempDir } from '../results/temp-dir.ts';
import { packageRoot } from '../run/environment.ts';
import { diffCommand, type DiffFlags } from './diff-command.ts';
import { exitCodeOfError } from './exit-codes.ts';
import { checkCommand, updateCommand } from './expectations-command.ts';
import { mergeCommand } from './merge-command.ts';
import { reportCommand } from './report-command.ts';

const bin = join(packageRoot, 'harness/cli/bin.js');

describe('the commands after a run', () => {
  let dir: string;
  let remove: () => Promise<void>;
  const at = (name: string): string => join(dir, name);
  /** The exit code and the output of a command; of an error that ends it, the output has the message. */
  const ended = async (command: () => Promise<number>) => {
    const { write } = process.stdout;
    const errors = process.stderr.write;
    const heard = { exitCode: -1, stdout: '', stderr: '' };
    process.stdout.write = (text: string | Uint8Array): boolean => ((heard.stdout += String(text)), true);
    process.stderr.write = (text: string | Uint8Array): boolean => ((heard.stderr += String(text)), true);
    try {
      heard.exitCode = await command();
    } catch (error) {
      heard.exitCode = exitCodeOfError(error);
      heard.stderr += messageOf(error);
    } finally {
      process.stdout.write = write;
      process.stderr.write = errors;
    }
    return heard;
  };
  const diff = (before: string, after: string, flags: Partial<DiffFlags> = {}) =>
    ended(() => diffCommand(at(before), at(after), { expectations: 'none', ...flags }));
  const report = (run: string, baseline: string, format: string[]) =>
    ended(() => reportCommand([at(run)], { expectations: 'none', baseline: at(baseline), format }));
  /** Writes a run, and returns its folder. */
  const write = async (name: string, results: unknown): Promise<string> => {
    await mkdir(join(dir, name), { recursive: true });
    await writeFile(join(dir, name, 'results.json'), JSON.stringify(results));
    return name;
  };
  const good = runOf([cell(), cell({ scenario: 'a/b/other' })]);
  const bad = runOf([cell({ status: 'fail' }), cell({ scenario: 'a/b/other' })]);
  const lost = runOf([
    cell({ status: 'unsupported' }, 'answerer firefox has no codec:video/VP8:send, says its probe'),
    cell({ scenario: 'a/b/other' }),
  ]);

  before(async () => {
    ({ dir, remove } = await tempDir());
    await write('good', good);
    await write('bad', bad);
    await write('lost', lost);
    await write('incomplete', { ...good, run: { ...good.run, complete: false } } satisfies Results);
    await write('version', { ...good, schemaVersion: '9.0.0' });
    await write('damaged', { ...good, cells: [...good.cells, { ...good.cells[0], status: 'great' }] });
    await write('others', runOf([cell({ scenario: 'x/y/z' })]));
    await mkdir(at('empty'));
    await writeFile(at('note.txt'), 'nothing');
  });
  after(() => remove());

  describe('diff', () => {
    it('ends with 0 where nothing got worse, and says so', async () => {
      const { exitCode, stdout } = await diff('bad', 'good');
      expect(stdout).to.match(
        /Newly passing \(1\)[\s\S]+a\/b\/c, chromium → firefox[\s\S]+Nothing got worse: 1 newly passing, 1 unchanged\.\n$/,
      );
      expect(exitCode).to.equal(0);
    });

    it('ends with 1 where a cell fails, and names it, its reason and its command', async () => {
      const { exitCode, stdout } = await diff('good/results.json', 'bad');
      expect(stdout).to.match(
        /Newly failing \(1\)[\s\S]+a\/b\/c, chromium → firefox\n +it was pass; now fail@assert: it did not hold\n +npx webrtc-interop run/,
      );
      expect(exitCode).to.equal(1);
    });

    it('ends with 1 where a pass became unsupported', async () => {
      const { exitCode, stdout } = await diff('good', 'lost');
      expect(stdout).to.contain('Lost support (1)').and.contain('has no codec:video/VP8:send');
      expect(exitCode).to.equal(1);
    });

    it('speaks JSON and Markdown', async () => {
      const json: unknown = JSON.parse((await diff('good', 'bad', { json: true })).stdout);
      expect(json).to.include({ worse: true, unchanged: 1 });
      expect(json).to.have.nested.property('changes[0].kind', 'newly-failing');
      const { stdout } = await diff('good', 'bad', { markdown: true });
      expect(stdout).to.match(/^\*\*1 regression.* 1 newly failing, 1 unchanged\.\*\*/);
    });

    it('ends with 3 where the later run is not complete', async () => {
      const { exitCode, stderr } = await diff('good', 'incomplete');
      expect(stderr).to.contain('incomplete is not complete');
      expect(exitCode).to.equal(3);
    });

    for (const [what, before, after, says] of [
      ['a run that is not there', 'good', 'gone', 'gone is not there'],
      ['a folder that is no run', 'empty', 'good', 'holds neither results.json nor run.json'],
      ['a file that is no run', 'good', 'note.txt', 'neither the folder of a run nor its results.json'],
      ['a run of another version', 'good', 'version', 'schemaVersion'],
      [
        'a run with a cell that cannot be read',
        'good',
        'damaged',
        'damaged has cells that cannot be read, so it is not used',
      ],
      ['runs without a cell in common', 'good', 'others', 'no cell in common'],
    ] as const) {
      it(`ends with 2 for ${what}`, async () => {
        const { exitCode, stderr, stdout } = await diff(before, after);
        expect(stderr).to.contain(says);
        expect(stdout).to.equal('');
        expect(exitCode).to.equal(2);
      });
    }

    it('is a command', async () => {
      const { exitCode, stdout } = await execa(process.execPath, [bin, 'diff', 'good', 'lost', '--json'], {
        cwd: dir,
        reject: false,
      });
      expect(JSON.parse(stdout)).to.have.property('worse', true);
      expect(exitCode).to.equal(1);
    });
  });

  describe('merge', () => {
    const merge = (out: string, ...runs: string[]) =>
      ended(() => mergeCommand(runs.map(at), { out: at(out), format: ['junit'], expectations: 'none' }));
    const shard = (index: number, changes: Partial<Results['run']> = {}): Results => ({
      ...good,
      run: {
        ...good.run,
        id: `shard-${String(index)}`,
        shard: { index, total: 2, plan: 'p' },
        plannedCells: 1,
        ...changes,
      },
      cells: good.cells.filter((_, at) => at === index - 1),
    });

    before(async () => {
      await write('shard-1', shard(1));
      await write('shard-2', shard(2));
      await write('shard-2-of-another', shard(2, { shard: { index: 2, total: 2, plan: 'q' } }));
      await write('shard-2-cut-off', shard(2, { complete: false }));
    });

    it('makes one run, with its reports', async () => {
      const { exitCode, stdout } = await merge('merged', 'shard-1', 'shard-2');
      expect(stdout).to.contain('2 runs with 2 cells').and.contain('Nothing unexpected in 2 cells.');
      expect(exitCode).to.equal(0);
      expect(await readdir(at('merged'))).to.include.members(['results.json', 'results.jsonl', 'junit.xml']);
      expect((await diff('good', 'merged')).stdout).to.contain('Nothing got worse: 2 unchanged.');
    });

    it('ends with 3 where a part is not complete', async () => {
      expect((await merge('merged-cut-off', 'shard-1', 'shard-2-cut-off')).exitCode).to.equal(3);
    });

    for (const [what, runs, says] of [
      ['a shard that is missing', ['shard-1'], 'Shard 2 of 2 is missing'],
      ['shards of different plans', ['shard-1', 'shard-2-of-another'], 'shards of different plans'],
      ['a run that is not there', ['shard-1', 'gone'], 'gone is not there'],
      ['a folder that is no run', ['shard-1', 'empty'], 'holds neither results.json nor run.json'],
      ['a run of another version', ['shard-1', 'version'], 'schemaVersion'],
      ['a run with a cell that cannot be read', ['shard-1', 'damaged'], 'cells that cannot be read'],
    ] as const) {
      it(`ends with 2 for ${what}, and writes nothing`, async () => {
        const { exitCode, stderr } = await merge('nothing', ...runs);
        expect(stderr).to.contain(says);
        expect(exitCode).to.equal(2);
        expect(await readdir(dir)).not.to.include('nothing');
      });
    }

    it('ends with 2 where another run is in the folder, and leaves that alone', async () => {
      const before = await readFile(at('good/results.json'), 'utf8');
      const { exitCode, stderr } = await merge('good', 'shard-1', 'shard-2');
      expect(stderr).to.contain('holds the results of an earlier run');
      expect(exitCode).to.equal(2);
      expect(await readFile(at('good/results.json'), 'utf8')).to.equal(before);
    });
  });

  describe('expectations', () => {
    const check = (...runs: string[]) => ended(() => checkCommand(runs.map(at), at('known.json')));

    before(async () => {
      await write('fails-too', { ...bad, run: { ...bad.run, id: 'fails-too' } });
      await writeFile(at('known.json'), JSON.stringify({ expectations: [], lacks: [] }));
    });

    it('check ends with 1 and names what is not known, and with 0 once it is', async () => {
      const { exitCode, stderr } = await check('bad', 'fails-too');
      expect(stderr).to.match(
        /^fails and is not known: a\/b\/c, chromium → firefox, 2 of 2 times: fail@assert/,
      );
      expect(exitCode).to.equal(1);
      const flags = { expectations: at('known.json'), out: at('known.json') };
      expect((await ended(() => updateCommand([at('bad'), at('fails-too')], flags))).exitCode).to.equal(0);
      expect(await check('bad', 'fails-too')).to.include({
        exitCode: 0,
        stderr: 'The expectations fit these runs.\n',
      });
      expect((await check('good')).stderr).to.match(/^holds no longer: a\/b\/c/);
    });

    it('update writes the new file to standard output by default', async () => {
      const { stdout } = await ended(() =>
        updateCommand([at('bad'), at('fails-too')], { expectations: 'none' }),
      );
      expect(JSON.parse(stdout)).to.have.property('expectations').with.lengthOf(1);
    });

    for (const [what, run, file, says] of [
      ['a run that is not there', 'gone', 'none', 'gone is not there'],
      ['a run of another version', 'version', 'none', 'schemaVersion'],
      ['a run with a cell that cannot be read', 'damaged', 'none', 'cells that cannot be read'],
      ['a file that is not there', 'good', 'gone.json', 'Cannot read'],
      ['a file that is no expectation file', 'good', 'note.txt', 'is not JSON'],
    ] as const) {
      it(`update ends with 2 for ${what}, and writes nothing`, async () => {
        const expectations = file === 'none' ? file : at(file);
        const { exitCode, stderr } = await ended(() =>
          updateCommand([at(run)], { expectations, out: at('never.json') }),
        );
        expect(stderr).to.contain(says);
        expect(exitCode).to.equal(2);
        expect(await readdir(dir)).not.to.include('never.json');
      });
    }
  });

  describe('report --baseline', () => {
    it('ends with 1 where a pass became unsupported, and with 0 where it was so before', async () => {
      const { exitCode, stdout } = await report('lost', 'good', ['junit', 'summary']);
      expect(stdout)
        .to.contain('1 regression: 1 lost support, 1 unchanged.')
        .and.contain('1 unexpected outcome in 2 cells');
      expect(exitCode).to.equal(1);
      expect(await readFile(at('lost/junit.xml'), 'utf8')).to.contain(
        '<failure message="lost support: it was pass in the run of',
      );
      expect(await readFile(at('lost/summary.md'), 'utf8')).to.contain('1 regression: 1 lost support');
      expect((await report('lost', 'lost', ['junit'])).exitCode).to.equal(0);
    });

    it('knows what failed equally there', async () => {
      const { exitCode, stdout } = await report('bad', 'bad', ['junit']);
      expect(stdout).to.contain('Nothing unexpected in 2 cells; 1 known failure.');
      expect(exitCode).to.equal(0);
      await rm(at('bad/junit.xml'));
    });

    for (const [baseline, says] of [
      ['gone', 'gone is not there'],
      ['damaged', 'cannot be read'],
      ['others', 'no cell in common'],
      ['version', 'schemaVersion'],
    ] as const) {
      it(`ends with 2 for a baseline that cannot be used (${baseline}), and writes nothing`, async () => {
        const { exitCode, stderr } = await report('bad', baseline, ['junit']);
        expect(stderr).to.contain(says);
        expect(exitCode).to.equal(2);
        expect(await readdir(at('bad'))).to.deep.equal(['results.json']);
      });
    }
  });
}).timeout(60_000);
