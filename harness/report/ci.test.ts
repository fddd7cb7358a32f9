import { expect } from 'chai';
import { validate } from 'ctrf';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import { UsageError } from '../errors.ts';
import { compareRuns } from '../compare/compare.ts';
import { cell, runOf } from '../compare/example.ts';
import { Expectations, noExpectations, type Expectation } from '../results/expectations.ts';
import { inMemory } from '../results/read-run.ts';
import type { Results } from '../results/schema.ts';
import { tempDir } from '../results/temp-dir.ts';
import { ctrfOf } from './ctrf.ts';
import { hostile, writeExample } from './example.ts';
import { annotationsOf, write as github } from './github.ts';
import { withGithub, writeReports } from './index.ts';
import { junitOf } from './junit.ts';
import { loadReporter } from './load-reporter.ts';

/** The elements of an XML text with their paths, found by a strict parser. */
function elementsOf(xml: string): { path: string; attributes: Record<string, string> }[] {
  const elements: { path: string; attributes: Record<string, string> }[] = [];
  const open: string[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    open.push(name);
    elements.push({ path: open.join('/'), attributes });
  });
  parser.on('closetag', () => void open.pop());
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(xml).close();
  return elements;
}

const known: Expectation = {
  scenarios: 'a/b/known',
  offerer: '*',
  answerer: '*',
  status: 'fail',
  says: 'it did not hold',
  why: 'It is known.',
  bug: 'https://example.org/1',
};
const lacks = [
  { browser: 'firefox', names: ['H264'], why: 'No plug-in.' },
  { browser: 'chromium', names: [], why: 'All is there.' },
];
const failed = cell({ status: 'fail' });
const results = runOf([
  cell(),
  failed,
  cell({ scenario: 'a/b/known', status: 'fail' }),
  cell({ scenario: 'a/b/lacks', status: 'unsupported' }, 'answerer firefox has no H264, says its probe'),
  cell({ scenario: 'a/b/lost', status: 'unsupported' }, 'offerer chromium has no VP8, says its probe'),
  cell({ scenario: 'a/b/error', status: 'error' }),
  cell({ scenario: 'a/b/flaky', flaky: true, attempts: [{ ...failed }, cell()] }),
]);
const expectations = new Expectations({ expectations: [known], lacks }, results.browsers);

describe('junit.xml for a CI system', () => {
  const elements = elementsOf(junitOf(results, expectations));
  const at = (path: string): Record<string, string>[] =>
    elements.filter((element) => element.path === path).map(({ attributes }) => attributes);

  it('says in each skipped why: known and unsupported are told apart', () => {
    expect(at('testsuites/testsuite/testcase/skipped').map(({ message }) => message)).to.deep.equal([
      'known fail: It is known. https://example.org/1',
      'unsupported@launch: answerer firefox has no H264, says its probe',
    ]);
  });

  it('fails for what lost support, and says so', () => {
    expect(at('testsuites/testsuite/testcase/failure').map(({ message }) => message)).to.deep.equal([
      'fail@assert: it did not hold',
      'lost support: chromium is not known to lack VP8; unsupported@launch: offerer chromium has no VP8, says its probe',
    ]);
  });

  it('counts in suite and whole what it holds', () => {
    for (const counts of [...at('testsuites'), ...at('testsuites/testsuite')])
      expect(counts).to.include({ tests: '7', failures: '2', errors: '1', skipped: '2' });
  });

  it('keeps attempts apart by the names of Surefire', () => {
    expect(at('testsuites/testsuite/testcase/flakyFailure')).to.deep.equal([
      { message: 'fail@assert: it did not hold', type: 'fail@assert' },
    ]);
    const again = runOf([cell({ status: 'fail', attempts: [{ ...failed }, { ...failed }] })]);
    expect(elementsOf(junitOf(again)).filter(({ path }) => path.endsWith('/rerunFailure'))).to.have.length(1);
  });

  it('has a line for a test case, and the command where something went wrong', () => {
    const xml = junitOf(results, expectations);
    expect(xml, 'indentation').not.to.match(/^ /m);
    const cases = xml.split('<testcase ').slice(1);
    expect(cases).to.have.length(results.cells.length);
    const commands = cases.map((line) => line.includes('<system-out>'));
    const wrong = results.cells.map((one) => one.status !== 'pass' && one.scenario !== 'a/b/lacks');
    expect(commands).to.deep.equal(wrong);
  });

  it('has properties that tell browsers, status and bug', () => {
    const properties = at('testsuites/testsuite/testcase/properties/property');
    const of = (name: string) =>
      properties.filter((property) => property['name'] === name).map(({ value }) => value);
    expect(of('offerer')).to.deep.equal(results.cells.map(({ offerer }) => offerer));
    expect(of('command'), 'said once, in system-out').to.deep.equal([]);
    expect(of('status')).to.deep.equal(results.cells.map(({ status }) => status));
    expect(of('bug')).to.deep.equal(['https://example.org/1']);
    expect(of('flaky')).to.deep.equal(['true']);
    expect(at('testsuites/testsuite/properties/property')).to.deep.include({
      name: 'browser.firefox',
      value: 'Firefox 153.7.0',
    });
  });
});

describe('ctrf.json', () => {
  it('follows the schema of CTRF, whatever is in a run', async () => {
    const { dir, remove } = await tempDir();
    for (const run of [results, await writeExample(dir)])
      expect(validate(JSON.parse(JSON.stringify(ctrfOf(run, expectations))))).to.deep.equal({
        valid: true,
        errors: [],
      });
    expect(validate({ ...(ctrfOf(results) as object), results: {} }).valid).to.equal(false);
    await remove();
  });

  it('counts each cell once, with its attempts', () => {
    const ctrf = ctrfOf(results, expectations) as {
      results: {
        summary: unknown;
        tests: { rawStatus: string; message?: string; retryAttempts?: unknown[] }[];
      };
    };
    expect(ctrf.results.summary).to.include({ tests: 7, passed: 2, failed: 3, skipped: 2, flaky: 1 });
    expect(ctrf.results.tests.flatMap(({ retryAttempts = [] }) => retryAttempts)).to.have.length(1);
    expect(ctrf.results.tests[2]?.message).to.contain('https://example.org/1');
  });
});

describe('on GitHub', () => {
  const summaryTo = async (
    path: string | undefined,
    run: Results,
    more: Partial<Parameters<typeof github>[0]> = {},
  ) => {
    const before = process.env['GITHUB_STEP_SUMMARY'];
    const said: string[] = [];
    const { write } = process.stdout;
    let printed = '';
    process.stdout.write = (text: string | Uint8Array): boolean => {
      printed += String(text);
      return true;
    };
    try {
      if (path === undefined) delete process.env['GITHUB_STEP_SUMMARY'];
      else process.env['GITHUB_STEP_SUMMARY'] = path;
      await github({
        run,
        cells: () => inMemory(run).cells(),
        results: async () => run,
        dir: '',
        expectations: noExpectations,
        comparison: null,
        say: (text) => said.push(text),
        ...more,
      });
    } finally {
      process.stdout.write = write;
      if (before === undefined) delete process.env['GITHUB_STEP_SUMMARY'];
      else process.env['GITHUB_STEP_SUMMARY'] = before;
    }
    return { printed, said };
  };

  it('a group of failures is one annotation', () => {
    const lines = annotationsOf(results, expectations).trim().split('\n');
    expect(lines).to.have.length(3);
    expect(lines[0]).to.equal(
      '::error title=fail in a/b/c%2C chromium → firefox::assertion: it did not hold%0AAgain: npx webrtc-interop run --scenarios a/b/c',
    );
  });

  it('there are ten annotations at most, and the last says how many are not there', () => {
    const many = Array.from({ length: 30 }, (_, at) =>
      cell({ scenario: `a/b/${String(at)}`, status: 'fail', signature: `s${String(at)}` }),
    );
    const lines = annotationsOf(runOf(many), noExpectations).trim().split('\n');
    expect(lines).to.have.length(10);
    expect(lines.at(-1)).to.contain('21 more kinds of failure');
  });

  it('text cannot end an annotation or begin another command', () => {
    const nasty = cell({ status: 'fail' }, `100%\n::set-output name=x::${hostile}\r\n::error::`);
    const text = annotationsOf(runOf([nasty]), noExpectations);
    expect(text.trim().split('\n')).to.have.length(1);
    expect(text).to.contain('100%25%0A::set-output');
  });

  it('the summary is added to what the step has, within 1 MiB', async () => {
    const { dir, remove } = await tempDir();
    const path = join(dir, 'summary.md');
    await writeFile(path, 'from another part\n');
    await summaryTo(path, results);
    expect(await readFile(path, 'utf8')).to.match(/^from another part\n## webrtc-interop: /);
    const large = 'x'.repeat(1_048_570);
    await writeFile(path, large);
    const { said } = await summaryTo(path, results);
    expect(await readFile(path, 'utf8')).to.equal(large);
    expect(said).to.have.length(1);
    await writeFile(path, 'x'.repeat(900_000));
    const many = Array.from({ length: 3000 }, (_, at) =>
      cell({ scenario: `a/b/${String(at)}`, status: 'fail', signature: `s${String(at)} ${'€'.repeat(200)}` }),
    );
    await summaryTo(path, runOf(many));
    expect((await stat(path)).size).to.be.within(900_500, 1_048_576);
    await remove();
  });

  it('says what is different from the baseline', async () => {
    const { dir, remove } = await tempDir();
    const path = join(dir, 'summary.md');
    await summaryTo(path, results, { comparison: compareRuns(runOf([cell()]), runOf([failed])) });
    expect(await readFile(path, 'utf8')).to.contain('1 regression');
    await remove();
  });

  it('without a step summary there are annotations alone', async () => {
    expect((await summaryTo(undefined, results)).printed).to.match(/^::error /);
  });

  it('is written by itself where a job of GitHub runs this', () => {
    const before = process.env['GITHUB_ACTIONS'];
    try {
      process.env['GITHUB_ACTIONS'] = 'true';
      expect(withGithub(['html'])).to.deep.equal(['html', 'github']);
      delete process.env['GITHUB_ACTIONS'];
      expect(withGithub(['html'])).to.deep.equal(['html']);
    } finally {
      if (before !== undefined) process.env['GITHUB_ACTIONS'] = before;
    }
  });
});

describe('a reporter of a user', () => {
  let dir: string;
  let remove: () => Promise<void>;
  before(async () => {
    ({ dir, remove } = await tempDir());
    await mkdir(dir, { recursive: true });
    await writeFile(
      join(dir, 'own.mjs'),
      `import { writeFile } from 'node:fs/promises';
export default { write: ({ run, dir }) => writeFile(dir + '/own.txt', String(run.cells.length)) };`,
    );
    await writeFile(
      join(dir, 'broken.mjs'),
      'export default { write() { throw new Error("out of ink"); } };',
    );
    await writeFile(join(dir, 'none.mjs'), 'export const wrote = 1;');
  });
  after(() => remove());

  it('is written as ours are', async () => {
    expect(await writeReports(inMemory(results), dir, [join(dir, 'own.mjs')])).to.deep.equal([]);
    expect(await readFile(join(dir, 'own.txt'), 'utf8')).to.equal('7');
    await (
      await loadReporter(join(dir, 'own.mjs'))
    ).write({
      run: results,
      cells: () => inMemory(results).cells(),
      results: async () => results,
      dir,
      expectations,
      comparison: null,
      say: () => undefined,
    });
  });

  it('that fails costs itself alone', async () => {
    expect(await writeReports(inMemory(results), dir, [join(dir, 'broken.mjs'), 'junit'])).to.deep.equal([
      `The report ${join(dir, 'broken.mjs')} is not written: out of ink`,
    ]);
    await stat(join(dir, 'junit.xml'));
  });

  for (const [what, name, code, says] of [
    ['does not exist', './gone.mjs', 'bad-reporter', 'cannot be loaded'],
    ['writes nothing', './none.mjs', 'bad-reporter', 'no function "write"'],
    ['is no path', 'pdf', 'unknown-format', 'There are html, summary'],
  ] as const) {
    it(`that ${what} is named`, async () => {
      const error: unknown = await loadReporter(name.startsWith('.') ? join(dir, name) : name).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).to.be.instanceOf(UsageError).with.property('code', code);
      expect(String(error)).to.contain(says);
    });
  }
});
