import { mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { SaxesParser } from 'saxes';
import type { Cell, Results } from '../results/schema.ts';
import { Expectations, noExpectations, type Expectation } from '../results/expectations.ts';
import { isUnexpected } from '../results/totals.ts';
import { tempDir } from '../results/temp-dir.ts';
import { hostile, writeExample } from './example.ts';
import { formatNames } from './formats.ts';
import { pagesOf } from './html/write.ts';
import { write as allure } from './allure.ts';
import { write as html } from './html/write.ts';
import { writeReports } from './index.ts';
import { readInventories } from './inventory.ts';
import { junitOf } from './junit.ts';
import { text } from './markdown.ts';
import { failureGroups } from './matrix.ts';
import { lookOf } from './outcome-look.ts';
import type { Report } from './reporter.ts';
import { summaryOf } from './summary.ts';
import { renderMatrix } from './terminal.ts';
import { verdictOf } from './verdict.ts';

interface XmlElement {
  name: string;
  attributes: Record<string, string>;
}

/** The elements of an XML text, by a strict parser. */
function elementsOf(xml: string): XmlElement[] {
  const elements: XmlElement[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => elements.push({ name, attributes }));
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(xml).close();
  return elements;
}

/** Results whose first failing cell says something else. */
const saying = (results: Results, message: string): Results => ({
  ...results,
  cells: results.cells.map((cell) =>
    cell.status === 'fail' ? { ...cell, reason: { code: 'assertion', message, peer: null } } : cell,
  ),
});

const reportOf = (results: Results, dir: string): Report => ({
  results,
  dir,
  expectations: noExpectations,
  comparison: null,
  say: none,
});

/** Where no file is expected to fail. */
const none = (problem: string): never => {
  throw new Error(problem);
};

const widthOf = (rendered: string): number =>
  Math.max(
    ...rendered
      .split('\n')
      .flatMap((line) => (/^[┌│├└]/.test(line) ? [line.replaceAll('\uFE0E', '').length] : [])),
  );

describe('reports', () => {
  let dir: string;
  let remove: () => Promise<void>;
  let results: Results;
  before(async () => {
    ({ dir, remove } = await tempDir());
    results = await writeExample(dir);
  });
  after(() => remove());

  it('are written over earlier ones, and leave the results alone', async () => {
    const files = formatNames.filter((name) => name !== 'github');
    const before = await readFile(join(dir, 'results.json'), 'utf8');
    await writeReports(results, dir, files);
    const first = (await readdir(join(dir, 'allure-results'))).length;
    await writeReports(results, dir, files);
    expect((await readdir(join(dir, 'allure-results'))).length).to.equal(first);
    expect(await readdir(dir)).to.include.members([
      'index.html',
      'summary.md',
      'junit.xml',
      'ctrf.json',
      'allure-results',
      'cells',
    ]);
    expect(await readFile(join(dir, 'results.json'), 'utf8')).to.equal(before);
  });

  it('are written although evidence is gone', async () => {
    const other = await tempDir();
    const run = await writeExample(other.dir);
    await rm(join(other.dir, 'evidence'), { recursive: true });
    await writeReports(run, other.dir);
    const page = await readFile(join(other.dir, 'cells/codecs/video/vp8/chromium--firefox.html'), 'utf8');
    expect(page).to.contain('This file is missing.');
    await other.remove();
  });

  it('say what to do about a file that cannot be written, and write the others', async () => {
    const paths = { html: 'report.css', summary: 'summary.md', junit: 'junit.xml' } as const;
    const other = await tempDir();
    for (const path of Object.values(paths))
      await mkdir(join(other.dir, path, 'in-the-way'), { recursive: true });
    const problems = await writeReports(results, other.dir, ['html', 'summary', 'junit']);
    for (const path of Object.values(paths))
      expect(problems.join('\n')).to.match(new RegExp(`Cannot write \\S+${path}: .* --out`));
    expect((await stat(join(other.dir, 'index.html'))).size).to.be.above(1000);
    await other.remove();
  });

  describe('of unexpected cells', () => {
    it('put equal failures together', () => {
      const groups = failureGroups(results);
      expect(groups.map(({ cells }) => cells.length)).to.deep.equal([2, 1, 1, 1]);
      expect(groups[0]?.signature).to.contain('timeout@ice');
    });

    it('say that a run is good only when it is whole and nothing is unexpected', () => {
      expect(verdictOf(results).kind).to.equal('bad');
      expect(verdictOf({ ...results, run: { ...results.run, complete: false } }).kind).to.equal('incomplete');
      expect(verdictOf({ ...results, cells: [] }).kind).to.equal('incomplete');
      expect(
        verdictOf({ ...results, cells: results.cells.filter((cell) => !isUnexpected(cell)) }).kind,
      ).to.equal('good');
    });

    it('say that a strict run is bad where an expectation holds no longer', () => {
      const good = { ...results, cells: results.cells.filter((cell) => !isUnexpected(cell)) };
      const { scenario = '' } = good.cells.find(({ status }) => status === 'pass') ?? {};
      const known: Expectation = {
        scenarios: scenario,
        offerer: '*',
        answerer: '*',
        status: 'fail',
        says: 'what it once did',
        why: 'A browser once did it wrong.',
      };
      expect(verdictOf(good, new Expectations({ expectations: [known] }, [])).kind).to.equal('good');
      const { kind, sentence } = verdictOf(
        good,
        new Expectations({ expectations: [known] }, [], { strict: true }),
      );
      expect(kind).to.equal('bad');
      expect(sentence).to.contain('1 expectation holds no longer (--strict)');
    });

    it('show a canary that passes as a failure', () => {
      const canary = { scenario: 'canary/probe/nonsense-capability', flaky: false };
      const reason = { code: 'lacks-capability', message: '', peer: null };
      expect(lookOf({ ...canary, status: 'pass', reason: null })).to.include({
        tone: 'fail',
        words: 'pass, must be unsupported',
      });
      expect(lookOf({ ...canary, status: 'unsupported', reason })).to.include({
        tone: 'pass',
        words: 'unsupported, as due',
      });
    });
  });

  describe('junit.xml', () => {
    it('counts each cell once, failures as failures and errors as errors', () => {
      const elements = elementsOf(junitOf(results));
      const root = elements.find(({ name }) => name === 'testsuites');
      expect(root?.attributes).to.include({ tests: '93', failures: '4', errors: '1', skipped: '44' });
      const named = (name: string): number => elements.filter((element) => element.name === name).length;
      expect([named('testcase'), named('failure'), named('error'), named('skipped')]).to.deep.equal([
        93, 4, 1, 44,
      ]);
      const names = elements
        .filter(({ name }) => name === 'testcase')
        .map(({ attributes }) => attributes['name']);
      expect(new Set(names).size).to.equal(93);
    });

    it('stays XML whatever a message holds', () => {
      const nasty = `${hostile} ]]> \0 \u001B[31m \uFFFF \uD800 <![CDATA[ &amp; 😀`;
      const failure = elementsOf(junitOf(saying(results, nasty))).find(
        ({ name, attributes }) => name === 'failure' && attributes['type'] === 'fail@assert',
      );
      expect(failure?.attributes['message'])
        .to.contain('<img src=x')
        .and.contain('😀')
        .and.not.contain('\u001B');
    });

    it('counts a cell that was not reached as an error, not as left out', async () => {
      const other = await tempDir();
      const interrupted = await writeExample(other.dir, { interrupted: true });
      const root = elementsOf(junitOf(interrupted)).find(({ name }) => name === 'testsuites');
      expect(root?.attributes['errors']).to.equal('10');
      await other.remove();
    });
  });

  describe('summary.md', () => {
    it('shows the matrix, the cause and the command, with markup as text', () => {
      const summary = summaryOf(results);
      expect(summary).to.contain('5 unexpected outcomes in 93 cells');
      expect(summary).to.match(/\| \*\*chromium\*\* \|.*1 fail/);
      expect(summary).to.contain(
        "npx webrtc-interop run --pairs chromium:firefox --scenarios 'codecs/video/vp8'",
      );
      const outsideCode = summary.replaceAll(/^(`{3,})\n[\s\S]*?\n\1$/gm, '');
      expect(outsideCode).not.to.match(/<(?!\/?(?:details|summary|br)>)/);
    });

    it('lets no text break out of a table, a block of code or a mention', () => {
      expect(text('a | b\n@team `x` *y*')).not.to.match(/[|@`*\n]/);
      const summary = summaryOf(saying(results, 'before\n```\n<script>\n````\nafter'));
      expect(summary).to.contain('`````\nassertion: before\n```\n<script>\n````\nafter\n`````');
    });

    it('stays below 1 MiB, says what it left out and keeps the verdict', () => {
      const [first] = results.cells.filter(({ status }) => status === 'fail');
      if (first === undefined) throw new Error('the example has a failing cell');
      const many = Array.from({ length: 3000 }, (_, index): Cell => ({
        ...first,
        signature: `s${index} ${'€'.repeat(2000)}`,
      }));
      const summary = summaryOf({ ...results, cells: [...many, ...results.cells] });
      expect(Buffer.byteLength(summary)).to.be.below(1_048_576);
      expect(summary).to.match(/\d+ more kinds of failure left out to stay below 1 MiB/);
      expect(summary).to.contain('unexpected outcomes in');
    });
  });

  describe('allure-results', () => {
    const read = async (): Promise<
      {
        historyId: string;
        status: string;
        start: number;
        parameters: { name: string }[];
        attachments: { source: string }[];
      }[]
    > => {
      const out = join(dir, 'allure-results');
      const names = (await readdir(out)).filter((name) => name.endsWith('-result.json'));
      return Promise.all(names.map(async (name) => JSON.parse(await readFile(join(out, name), 'utf8'))));
    };

    it('have a history id of its own for every cell, and one more result for every retry', async () => {
      await allure(reportOf(results, dir));
      const all = await read();
      expect(all).to.have.length(94);
      const histories = new Set(all.map(({ historyId }) => historyId));
      expect(histories.size).to.equal(93);
      expect(all.every(({ parameters }) => parameters.some(({ name }) => name === 'answerer'))).to.equal(
        true,
      );
    });

    it('keep every repeat of a cell, so that a failure is never taken for a retry', async () => {
      const [first] = results.cells;
      if (first === undefined) throw new Error('the example has cells');
      await allure(reportOf({ ...results, cells: [first, first, first].map((cell) => ({ ...cell })) }, dir));
      expect(new Set((await read()).map(({ historyId }) => historyId)).size).to.equal(3);
    });

    it('attach the evidence of what failed, and of nothing else', async () => {
      await allure(reportOf(results, dir));
      const all = await read();
      for (const { status, attachments } of all) {
        if (status === 'passed' || status === 'skipped') expect(attachments).to.deep.equal([]);
        else expect(attachments.length).to.be.above(0);
      }
      const sources = all.flatMap(({ attachments }) => attachments.map(({ source }) => source));
      expect(sources.length).to.be.above(20);
      for (const source of sources)
        expect((await stat(join(dir, 'allure-results', source))).size).to.be.above(0);
      expect((await readdir(join(dir, 'allure-results'))).length).to.equal(all.length + sources.length + 1);
    });
  });

  describe('pages', () => {
    it('have a name each, repeats and names that differ only by case included', () => {
      const [first] = results.cells;
      if (first === undefined) throw new Error('the example has cells');
      const cells = [
        { ...first },
        { ...first },
        { ...first, offerer: 'CHROMIUM' },
        { ...first, offerer: 'a/b' },
      ];
      const pages = [...pagesOf(cells).values()].map((path) => path.toLowerCase());
      expect(new Set(pages).size).to.equal(4);
    });

    it('show a file of evidence that grew beyond all measure in part only', async () => {
      const other = await tempDir();
      const run = await writeExample(other.dir);
      const path = 'evidence/codecs/video/vp8/chromium--firefox/answerer-console.jsonl';
      await truncate(join(other.dir, path), 20_000_000);
      const cells = run.cells.map((cell) => ({
        ...cell,
        evidence: cell.evidence.map((file) => (file.path === path ? { ...file, bytes: 20_000_000 } : file)),
      }));
      await html(reportOf({ ...run, cells }, other.dir));
      const page = join(other.dir, 'cells/codecs/video/vp8/chromium--firefox.html');
      expect((await stat(page)).size).to.be.below(1_000_000);
      expect(await readFile(page, 'utf8')).to.contain('This file was changed after the run');
      await other.remove();
    });

    it('show evidence of another shape as it is', async () => {
      const other = await tempDir();
      const run = await writeExample(other.dir);
      for (const file of ['signaling.jsonl', 'offerer-stats.json', 'offerer-console.jsonl', 'offer.sdp'])
        await writeFile(
          join(other.dir, 'evidence/codecs/video/vp8/chromium--firefox', file),
          `{"odd": "${file}`,
        );
      await html(reportOf(run, other.dir));
      const page = await readFile(join(other.dir, 'cells/codecs/video/vp8/chromium--firefox.html'), 'utf8');
      expect(page.match(/{&quot;odd&quot;: &quot;/g)).to.have.length(4);
      await other.remove();
    });
  });

  describe('an inventory', () => {
    const found = (at: number, about: string, inventory: unknown) => {
      const [first] = results.cells;
      if (first === undefined) throw new Error('the example has cells');
      const path = `evidence/${String(at)}-inventory.json`;
      const evidence = [{ kind: 'trace' as const, peer: null, path, sha256: '', bytes: 1 }];
      const cell: Cell = {
        ...first,
        scenario: `adapter/x/${String(at)}`,
        offerer: about,
        answerer: null,
        evidence,
      };
      return { cell, write: (to: string) => writeFile(join(to, path), JSON.stringify(inventory)) };
    };
    const columnOf = (column: string, ...rows: string[]) => ({
      table: 'Shims',
      column,
      rows: rows.map((row) => ({ row, value: `${row} in ${column}` })),
    });

    it('has a column for each browser and build, browser by browser, and every row of any', async () => {
      const other = await tempDir();
      await mkdir(join(other.dir, 'evidence'));
      const all = [
        found(1, 'firefox', columnOf('9', 'a')),
        found(2, 'chromium', columnOf('9', 'a', 'b')),
        found(3, 'chromium', columnOf('8', 'c')),
        found(4, 'firefox', { table: 'Shims', rows: 'of another shape' }),
      ];
      for (const { write } of all) await write(other.dir);
      const gone = found(5, 'firefox', null).cell;
      const inventories = await readInventories(
        other.dir,
        [...all.map(({ cell }) => cell), gone],
        ['chromium', 'firefox'],
      );
      expect(inventories).to.have.length(1);
      const [{ columns, names } = { columns: [], names: [] }] = inventories;
      expect(columns.map(({ cell, name }) => `${cell.offerer} ${String(name)}`)).to.deep.equal([
        'chromium 9',
        'chromium 8',
        'firefox 9',
      ]);
      expect(names).to.deep.equal(['a', 'b', 'c']);
      expect(columns[1]?.rows.get('c')?.value).to.equal('c in 8');
      expect(columns[2]?.rows.has('b')).to.equal(false);
      await other.remove();
    });

    it('that is found again in a repeat counts once, with the last word', async () => {
      const other = await tempDir();
      await mkdir(join(other.dir, 'evidence'));
      const [first, second] = [
        found(1, 'chromium', columnOf('9', 'a')),
        found(2, 'chromium', columnOf('9', 'b')),
      ];
      for (const { write } of [first, second]) await write(other.dir);
      const [inventory] = await readInventories(other.dir, [first.cell, second.cell], []);
      expect(inventory?.columns.map(({ rows }) => [...rows.keys()])).to.deep.equal([['b']]);
      await other.remove();
    });
  });

  describe('the terminal', () => {
    it('shows a matrix an area, and each unexpected cell with its cause and its command', () => {
      const shown = renderMatrix(results, { colour: false, width: 120 });
      expect(shown).to.match(/│ chromium +│ ✓ 3 pass +│ ✓ 1 pass/);
      expect(shown).to.contain(
        'fail@assert codecs/video/vp8 chromium → firefox assertion: expected the picture',
      );
      expect(shown).to.contain(
        "\n  npx webrtc-interop run --pairs chromium:firefox --scenarios 'codecs/video/vp8'\n",
      );
      expect(shown).to.contain('18 of 18 canaries as they must be');
      expect(shown).not.to.contain('\u001B');
      expect(renderMatrix(results, { colour: true, width: 120 })).to.contain('\u001B[32m');
    });

    it('says why cells were left out, once for each cause, with a command', () => {
      const [first] = results.cells.filter(({ status }) => status === 'unsupported');
      if (first === undefined) throw new Error('the example has an unsupported cell');
      const lacking = (message: string): Cell => ({
        ...first,
        reason: { code: 'lacks-capability', message, peer: 'answerer' },
      });
      const cells = [
        lacking('answerer gtk has no RTCPeerConnection, sctp:send:1, says its probe'),
        lacking(
          'offerer gtk has no RTCPeerConnection; answerer gtk has no RTCPeerConnection, says its probe',
        ),
        lacking('answerer gtk has no encoding:codec, says its probe'),
      ];
      const shown = renderMatrix({ ...results, cells }, { colour: false, width: 80 });
      expect(shown).to.contain(
        `unsupported (2): gtk has no RTCPeerConnection\n  ${first.repro}\nunsupported (1): gtk has no encoding:codec\n`,
      );
    });

    it('fits a terminal of 80 columns', () => {
      expect(widthOf(renderMatrix(results, { colour: false, width: 80 }))).to.be.at.most(80);
    });

    it('is not driven by escape sequences in a message', () => {
      const shown = renderMatrix(saying(results, '\u001B[2J\u009B31m\r\nowned\u202E'), {
        colour: false,
        width: 80,
      });
      expect(['\u001B', '\u009B', '\r', '\u202E'].filter((control) => shown.includes(control))).to.deep.equal(
        [],
      );
      expect(shown).to.contain('owned');
    });

    it('lists fifty unexpected cells and counts the rest', () => {
      const [first] = results.cells.filter(({ status }) => status === 'fail');
      if (first === undefined) throw new Error('the example has a failing cell');
      const cells = Array.from({ length: 70 }, () => ({ ...first }));
      const shown = renderMatrix({ ...results, cells }, { colour: false, width: 80 });
      expect(shown.match(/^fail@assert/gm)).to.have.length(50);
      expect(shown).to.contain('and 20 more in the report');
    });
  });
});
