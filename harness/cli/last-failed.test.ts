import { expect } from 'chai';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cell, runOf } from '../compare/example.ts';
import { UsageError } from '../errors.ts';
import type { Cell } from '../results/schema.ts';
import { tempDir } from '../results/temp-dir.ts';
import { onlyFailed } from './last-failed.ts';

const of = (scenario: string, changes: Partial<Cell> = {}): Cell => cell({ scenario, ...changes });
const plan = [
  'a/b/good',
  'a/b/fails',
  'a/b/known',
  'a/b/not-run',
  'a/b/other',
  'canary/agent/unknown-command',
].map((scenario) => ({ scenario, offerer: 'chromium', answerer: 'firefox' }));

describe('--last-failed', () => {
  let dir: string;
  let remove: () => Promise<void>;
  const write = async (name: string, cells: Cell[]): Promise<string> => {
    await mkdir(join(dir, name));
    await writeFile(join(dir, name, 'results.json'), JSON.stringify(runOf(cells)));
    return join(dir, name);
  };
  let run: string;
  let known: string;
  before(async () => {
    ({ dir, remove } = await tempDir());
    run = await write('run', [
      of('a/b/good'),
      of('a/b/fails', { status: 'fail' }),
      of('a/b/known', { status: 'fail' }),
      of('a/b/not-run', { status: 'notrun' }),
    ]);
    known = join(dir, 'known.json');
    const expectation = {
      scenarios: 'a/b/known',
      status: 'fail',
      says: 'it did not hold',
      why: 'It is known.',
    };
    await writeFile(known, JSON.stringify({ expectations: [expectation] }));
  });
  after(() => remove());

  it('leaves what was unexpected or not reached, and the canaries', async () => {
    expect((await onlyFailed(run, known))(plan).map(({ scenario }) => scenario)).to.deep.equal([
      'a/b/fails',
      'a/b/not-run',
      'canary/agent/unknown-command',
    ]);
    expect((await onlyFailed(run, 'none'))(plan)).to.have.length(4);
  });

  it('reads a run by a link, as reports/latest is one', async () => {
    await symlink('run', join(dir, 'latest'));
    expect((await onlyFailed(join(dir, 'latest'), known))(plan)).to.have.length(3);
  });

  it('reads a run by a file that holds its path, as reports/latest is one on Windows', async () => {
    await writeFile(join(dir, 'pointer'), 'run\n');
    expect((await onlyFailed(join(dir, 'pointer'), known))(plan)).to.have.length(3);
  });

  for (const [what, make, code] of [
    ['a run in which nothing failed', () => write('good', [of('a/b/good')]), 'nothing-failed'],
    [
      'failures that are not in the plan',
      () => write('others', [of('x/y/z', { status: 'fail' })]),
      'nothing-selected',
    ],
    ['no run', () => Promise.resolve(join(dir, 'gone')), 'no-results'],
  ] as const) {
    it(`refuses ${what}, as nothing would be run`, async () => {
      const path = await make();
      const thrown: unknown = await onlyFailed(path, 'none')
        .then((failed) => failed(plan))
        .catch((error: unknown) => error);
      expect(thrown).to.be.instanceOf(UsageError).with.property('code', code);
    });
  }
});
