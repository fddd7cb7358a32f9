import { expect } from 'chai';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { browser, cell, runOf } from '../compare/example.ts';
import { Baseline } from '../results/baseline.ts';
import { Expectations } from '../results/expectations.ts';
import { inMemory } from '../results/read-run.ts';
import type { Cell, Results } from '../results/schema.ts';
import { everyCellOf } from '../results/stored-cell.ts';
import { tempDir } from '../results/temp-dir.ts';
import { ctrfOf } from './ctrf.ts';
import { writeReports } from './index.ts';
import { junitOf } from './junit.ts';

const pair = { offerer: 'webkitgtk', answerer: 'chromium' };
const standsFor = ['a/b/one', 'a/b/two', 'c/d/three'];
const lacks = 'offerer webkitgtk has no RTCPeerConnection, says its probe';
const entry: Cell = {
  ...cell({ ...pair, scenario: 'a/b/one', status: 'unsupported' }, lacks),
  standsFor,
};
const browsers = [browser('webkitgtk', '2.50.6', 'webkitgtk'), browser('chromium')];
const run = (): Results => runOf([...everyCellOf(entry), cell({ scenario: 'a/b/one' })], { browsers });
/** A run in which some of the pair's cells passed. */
const before = (...scenarios: string[]): Expectations => {
  const cells = scenarios.map((scenario) => cell({ ...pair, scenario }));
  return new Expectations(
    { expectations: [] },
    browsers,
    {},
    new Baseline(runOf(cells, { browsers }), run().scenarios),
  );
};
const namesIn = (xml: string): string[] =>
  [...xml.matchAll(/<testcase [^>]*?\bname="(?<name>[^"]+)"/g)].map(({ groups }) => groups?.['name'] ?? '');

describe('the tests that CI systems see of a pair that cannot connect', () => {
  it('are one, which is skipped and says for how many cells it stands', () => {
    const xml = junitOf(run());
    expect(namesIn(xml)).to.deep.equal([
      'a call of any kind: webkitgtk → chromium',
      'a/b/one: chromium → firefox',
    ]);
    expect(xml).to.contain('tests="2"').and.contain('skipped="1"');
    expect(xml).to.contain(`<skipped message="unsupported@launch: ${lacks} (3 cells)"/>`);
    expect(ctrfOf(run())).to.have.nested.property('results.summary.tests', 2);
    expect(ctrfOf(run())).to.have.nested.property(
      'results.tests[0].name',
      'a call of any kind: webkitgtk → chromium',
    );
  });

  it('are those by their own names that fail as they passed before, beside one for the rest', () => {
    const judge = before('a/b/one', 'c/d/three');
    const xml = junitOf(run(), judge);
    expect(namesIn(xml)).to.deep.equal([
      'a/b/one: webkitgtk → chromium',
      'a/b/two: webkitgtk → chromium',
      'a/b/one: chromium → firefox',
      'c/d/three: webkitgtk → chromium',
    ]);
    expect(xml).to.contain('failures="2"').and.contain('<failure message="lost support: it was pass in');
    expect(ctrfOf(run(), judge)).to.have.nested.property('results.summary.failed', 2);
  });

  it('are one result of Allure', async () => {
    const { dir, remove } = await tempDir();
    try {
      const problems = await writeReports(inMemory(run()), dir, ['allure']);
      expect(problems).to.deep.equal([]);
      const files = (await readdir(join(dir, 'allure-results'))).filter((name) =>
        name.endsWith('-result.json'),
      );
      const texts = await Promise.all(
        files.map((name) => readFile(join(dir, 'allure-results', name), 'utf8')),
      );
      const names = texts.map((text) => (JSON.parse(text) as { name: string }).name);
      expect(names).to.have.members([
        'a call of any kind: webkitgtk → chromium',
        'a/b/one: chromium → firefox',
      ]);
    } finally {
      await remove();
    }
  });
});
