import { expect } from 'chai';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../errors.ts';
import { writeExample } from '../report/example.ts';
import { readRun } from './read-run.ts';
import { tempDir } from './temp-dir.ts';
import { readWholeRun } from './whole-run.ts';

const damaged = '{"scenario":"a/b/c","status":"great"}';

describe('a run that others are held against', () => {
  let dir: string;
  let remove: () => Promise<void>;

  beforeEach(async () => {
    ({ dir, remove } = await tempDir());
    await writeExample(dir);
  });
  afterEach(() => remove());

  const results = (): string => join(dir, 'results.json');
  const byLine = async (): Promise<void> => {
    const text = await readFile(results(), 'utf8');
    await writeFile(results(), text.replace('"cells":[\n', `"cells":[\n${damaged},\n`));
  };
  const inAnotherLayout = async (): Promise<void> => {
    const { cells, ...rest } = await readRun(dir);
    await writeFile(results(), JSON.stringify({ ...rest, cells: [...cells, JSON.parse(damaged)] }, null, 2));
  };
  const killed = async (): Promise<void> => {
    await rm(results());
    await appendFile(join(dir, 'results.jsonl'), `${damaged}\n`);
  };

  for (const [what, harm] of [
    ['of results.json by line', byLine],
    ['of a results.json in another layout', inAnotherLayout],
    ['of a run that was killed', killed],
  ] as const) {
    it(`is none where a cell ${what} cannot be read`, async () => {
      await harm();
      const error: unknown = await readWholeRun(dir).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(HarnessError).with.property('code', 'damaged-run');
    });
  }

  it('may have been killed, and is then not complete', async () => {
    await rm(results());
    const { run, cells } = await readWholeRun(dir);
    expect(cells).to.not.deep.equal([]);
    expect(run.complete).to.equal(false);
  });
});
