import { mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { SaxesParser } from 'saxes';
import type { Cell, Results } from '../results/schema.ts';
import { Expectations, type Expectation } from '../results/expectations.ts';
import { signatureOf } from '../results/signature.ts';
import { isUnexpected } from '../results/totals.ts';
import { EvidenceReader } from '../results/evidence-reader.ts';
import { inMemory } from '../results/read-run.ts';
import { tempDir } from '../results/temp-dir.ts';
import type { CellChunk, PackedEvidence } from './data.ts';
import { hostile, makeOld, readChunk, writeExample } from './example.ts';
import { formatNames } from './formats.ts';
import { writeReports } from './index.ts';
import { outcomeOf } from './cell-table.ts';
import { InventoryTables } from './inventory.ts';
import { junitOf } from './junit.ts';
import { failureGroups } from './failure-groups.ts';
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

/** The evidence that the page has for the first cells: what its data says about each file. */
const evidenceShown = async (dir: string): Promise<PackedEvidence[]> =>
  (await readChunk<CellChunk>(dir, 'cells/0')).cells.flatMap(({ evidence }) => evidence);

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
    const before = await readFile(join(dir, 'results.json'), 'utf8');
    const files = formatNames.filter((name) => name !== 'github');
    await writeReports(inMemory(results), dir, files);
    const first = (await readdir(join(dir, 'allure-results'))).length;
    await writeReports(inMemory(results), dir, files);
    expect((await readdir(join(dir, 'allure-results'))).length).to.equal(first);
    expect(await readdir(dir)).to.include.members([
      'index.html',
      'summary.md',
      'junit.xml',
      'ctrf.json',
      'allure-results',
      'data',
      'files',
    ]);
    expect(await readFile(join(dir, 'results.json'), 'utf8')).to.equal(before);
  });

  it('are written although evidence is gone', async () => {
    const other = await tempDir();
    const run = await writeExample(other.dir);
    await rm(join(other.dir, 'evidence'), { recursive: true });
    await writeReports(inMemory(run), other.dir);
    const problems = (await evidenceShown(other.dir)).map(({ problem }) => problem);
    expect(new Set(problems)).to.deep.equal(new Set(['missing']));
    await other.remove();
  });

  it('say what to do about a file that cannot be written, and write the others', async () => {
    const paths = { html: 'report.css', summary: 'summary.md', junit: 'junit.xml' } as const;
    const other = await tempDir();
    for (const path of Object.values(paths))
      await mkdir(join(other.dir, path, 'in-the-way'), { recursive: true });
    const problems = await writeReports(inMemory(results), other.dir, ['html', 'summary', 'junit']);
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
      const [one] = results.cells;
      const cells = one ? [one, { ...one, status: 'unsupported' as const }] : [];
      const run = { ...results.run, plannedCells: 9, complete: false, interrupted: true };
      expect(verdictOf({ ...results, run, cells }).sentence).to.match(
        /^Interrupted: 2 of 9 planned cells reported \(1 unsupported\), /,
      );
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
      expect(outcomeOf({ ...canary, status: 'pass', reason: null })).to.equal('fail');
      expect(outcomeOf({ ...canary, status: 'unsupported', reason })).to.equal('due');
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
    it('says news first and the matrix, in forty lines, and escapes what a run says', () => {
      const summary = summaryOf(results);
      expect(summary).to.match(/^## webrtc-interop: ✗ 5 new failures, 1 flaky\n/);
      expect(summary).to.match(
        /^- ✗ expected the picture to be right, .* — codecs\/video\/vp8, Chromium → Firefox ESR: `npx /m,
      );
      expect(summary).to.match(/\| \*\*codecs\*\* \|.*1\/2<br>✗ 1 new/);
      expect(summary.split('\n').length).to.be.at.most(40);
      const outsideCode = summary.replaceAll(/`[^`\n]*`/g, '');
      expect(outsideCode).not.to.match(/<(?!br>)/);
      expect(outsideCode).not.to.match(/&#45;|&#58;/);
    });

    it('keeps a command whole that has backticks in it', () => {
      const odd = results.cells.map((cell) =>
        cell.status === 'fail' ? { ...cell, repro: 'npx `<b>`' } : cell,
      );
      expect(summaryOf({ ...results, cells: odd })).to.contain(': `` npx `<b>` ``');
    });

    it('has forty lines at most, whatever the run, and counts what is left out', () => {
      const [first] = results.cells.filter(({ status }) => status === 'fail');
      if (first === undefined) throw new Error('the example has a failing cell');
      const many = Array.from({ length: 3000 }, (_, at) => ({
        ...first,
        signature: `fail number ${String.fromCodePoint(0x4e00 + at)}`,
        reason: { code: 'assertion', message: 'x'.repeat(9000), peer: null },
      }));
      const summary = summaryOf({ ...results, cells: [...many, ...results.cells] });
      expect(summary.split('\n').length).to.be.at.most(40);
      expect(Buffer.byteLength(summary)).to.be.below(100_000);
      expect(summary).to.match(/and \d+ more causes/);
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
      await writeReports(inMemory(results), dir, ['allure']);
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
      const cells = [first, first, first].map((cell) => ({ ...cell }));
      await writeReports(inMemory({ ...results, cells }), dir, ['allure']);
      expect(new Set((await read()).map(({ historyId }) => historyId)).size).to.equal(3);
    });

    it('attach the evidence of what failed, and of nothing else', async () => {
      await writeReports(inMemory(results), dir, ['allure']);
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

  it('of a page say that a file of evidence grew beyond all measure, and hold none of it', async () => {
    const other = await tempDir();
    await writeExample(other.dir);
    const run = await makeOld(other.dir);
    const path = 'evidence/codecs/video/vp8/chromium--firefox/answerer-console.jsonl';
    await truncate(join(other.dir, path), 20_000_000);
    await writeReports(inMemory(run), other.dir, ['html']);
    const grown = (await evidenceShown(other.dir)).find((file) => file.path === path);
    expect(grown).to.include({ problem: 'changed', pack: null });
    await other.remove();
  });

  it('of a page are the same index.html with and without what follows it: verdict, matrix, news', async () => {
    await writeReports(inMemory(results), dir, ['html']);
    const page = await readFile(join(dir, 'index.html'), 'utf8');
    expect(page).to.match(/<h1 class="sentence new">.*5 new failures/s);
    expect(page).to.contain('Matrix').and.to.contain('>codecs</a>');
    expect(page).to.contain('npx webrtc-interop run --pairs chromium:firefox');
    expect(page).to.not.contain(hostile);
    expect(page).to.match(/Content-Security-Policy/);
    expect(page.match(/<script[^>]*>/g)).to.deep.equal([
      '<script src="report.js" defer>',
      '<script src="data/index.js" defer>',
    ]);
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
    const tablesOf = async (dir: string, cells: readonly Cell[], browsers: readonly string[]) => {
      const tables = new InventoryTables(new EvidenceReader(dir), browsers);
      for (const [at, cell] of cells.entries()) await tables.add(cell, at);
      return tables.tables();
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
      const cells = [...all.map(({ cell }) => cell), gone];
      const inventories = await tablesOf(other.dir, cells, ['chromium', 'firefox']);
      expect(inventories).to.have.length(1);
      const [{ columns, names } = { columns: [], names: [] }] = inventories;
      expect(
        columns.map(({ cell, name }) => `${String(cells[cell]?.offerer)} ${String(name)}`),
      ).to.deep.equal(['chromium 9', 'chromium 8', 'firefox 9']);
      expect(names).to.deep.equal(['a', 'b', 'c']);
      expect(columns[1]?.rows.map(({ of, value }) => [names[of], value])).to.deep.equal([['c', 'c in 8']]);
      expect(columns[2]?.rows.map(({ of }) => names[of])).to.deep.equal(['a']);
      await other.remove();
    });

    it('names where rows are written about, and those that are not what others say', async () => {
      const other = await tempDir();
      await mkdir(join(other.dir, 'evidence'));
      const link = { text: 'MDN', url: 'https://developer.mozilla.org/a' };
      const rows = [
        { row: 'a', value: 'no', said: 'since 56', verdict: 'differs', differs: true, links: [link] },
        { row: 'b', value: 'yes' },
      ];
      const { cell, write } = found(1, 'chromium', { table: 'Shims', rows });
      await write(other.dir);
      const [inventory] = await tablesOf(other.dir, [cell], ['chromium']);
      expect(inventory?.links).to.deep.equal([[link], []]);
      expect(inventory?.compared).to.equal(true);
      expect(
        inventory?.columns[0]?.rows.map(({ said, verdict, differs }) => ({ said, verdict, differs })),
      ).to.deep.equal([
        { said: 'since 56', verdict: 'differs', differs: true },
        { said: null, verdict: null, differs: false },
      ]);
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
      const [inventory] = await tablesOf(other.dir, [first.cell, second.cell], []);
      expect(inventory?.names).to.deep.equal(['b']);
      expect(inventory?.columns).to.have.lengthOf(1);
      await other.remove();
    });
  });

  describe('the terminal', () => {
    it('shows one matrix, each cause with its command, and at the end what is news', () => {
      const shown = renderMatrix(results, { colour: false, width: 120 });
      expect(shown).to.match(/│ chromium → firefox +│ 2\/2 +│ 1\/2 ✗1 +│/);
      expect(shown).to.match(
        /^✗ new fail@assert \(1\) expected the picture .*\n {2}codecs\/video\/vp8 chromium → firefox\n {2}npx webrtc-interop run --pairs chromium:firefox --scenarios 'codecs\/video\/vp8'\n/m,
      );
      expect(shown).to.contain('18 of 18 canaries as they must be');
      expect(shown.trimEnd().split('\n').at(-1)).to.match(
        /^5 new failures, 1 flaky · Chromium 156\.0\.8078, Firefox ESR/,
      );
      expect(shown).not.to.contain('\u001B');
      expect(renderMatrix(results, { colour: true, width: 120 })).to.contain('\u001B[32m');
    });

    it('says what is missing once for each thing, in full', () => {
      const [first] = results.cells.filter(({ status }) => status === 'unsupported');
      if (first === undefined) throw new Error('the example has an unsupported cell');
      const lacking = (message: string): Cell => ({
        ...first,
        offerer: 'firefox',
        answerer: 'firefox',
        reason: { code: 'lacks-capability', message, peer: 'answerer' },
      });
      const cells = [
        lacking('answerer firefox has no codec:video/VP9;profile-id=2:send, sctp:send:1, says its probe'),
        lacking(
          'offerer firefox has no codec:video/VP9;profile-id=2:send; answerer firefox has no codec:video/VP9;profile-id=2:send, says its probe',
        ),
        lacking('answerer firefox has no codec:video/H264:send, says its probe'),
      ].map((cell) => ({ ...cell, signature: signatureOf(cell) }));
      const shown = renderMatrix({ ...results, cells }, { colour: false, width: 80 });
      expect(shown).to.contain(
        '– not supported unsupported@launch (2) Firefox ESR lacks sending VP9 profile 2\n',
      );
      expect(shown).to.match(/\(1\) Firefox ESR lacks sending H\.264 \(only here: .*OpenH264 plug-in/);
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

    it('names each cause once, whatever --repeat says, and lists fifty', () => {
      const [first] = results.cells.filter(({ status }) => status === 'fail');
      if (first === undefined) throw new Error('the example has a failing cell');
      const repeated = Array.from({ length: 70 }, () => ({ ...first }));
      const once = renderMatrix({ ...results, cells: repeated }, { colour: false, width: 80 });
      expect(once.match(/^✗ new/gm)).to.have.length(1);
      expect(once).to.contain('✗ new fail@assert (70)').and.to.contain('and 67 more');
      const cells = repeated.map((cell, at) => ({
        ...cell,
        signature: `fail ${String.fromCodePoint(0x4e00 + at)}`,
      }));
      const shown = renderMatrix({ ...results, cells }, { colour: false, width: 80 });
      expect(shown.match(/^✗ new fail@assert/gm)).to.have.length(50);
      expect(shown).to.contain('and 20 more causes of new in the report');
    });
  });
});
