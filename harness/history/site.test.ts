import { expect } from 'chai';
import { cp, mkdir, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import { exitCodeOfError } from '../cli/exit-codes.ts';
import { historyCommand } from '../cli/history-command.ts';
import { cell } from '../compare/example.ts';
import { UsageError } from '../errors.ts';
import { jsonCall } from '../report/chunk-file.ts';
import { hostile } from '../report/example.ts';
import { Scrubber } from '../report/scrub.ts';
import { Expectations, noExpectations } from '../results/expectations.ts';
import type { Cell, Results } from '../results/schema.ts';
import { tempDir } from '../results/temp-dir.ts';
import { badgeWords, badgesOf } from './badges.ts';
import { encodeRun, type EncodedRun } from './encode-run.ts';
import { encodedDay, historyDay, resultsOfDay, type ExampleRun } from './example.ts';
import { readIndex, readRuns } from './site.ts';
import { modelOfHistoryRun } from './view-of-run.ts';
import { addToSite } from './write-site.ts';

const failed = cell({ status: 'fail' });

/** Every file of a folder with its content and when it was written. */
async function filesOf(dir: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const name of (await readdir(dir, { recursive: true })).toSorted()) {
    const about = await stat(join(dir, name));
    if (about.isFile())
      found.set(name, `${String(about.mtimeMs)} ${await readFile(join(dir, name), 'utf8')}`);
  }
  return found;
}

async function refusalOf(work: Promise<unknown>): Promise<UsageError> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UsageError)) throw new Error(`no usage error but ${String(error)}`);
  expect(exitCodeOfError(error)).to.equal(2);
  return error;
}

describe('a site over many runs', () => {
  let dir: string;
  let site: string;
  let remove: () => Promise<void>;
  const said: string[] = [];
  beforeEach(async () => {
    ({ dir, remove } = await tempDir());
    site = join(dir, 'site');
    said.length = 0;
  });
  afterEach(() => remove());

  const add = (...runs: EncodedRun[]): Promise<number> =>
    addToSite(site, runs, { say: (problem) => said.push(problem) });
  const day = (cells: readonly Cell[], about: ExampleRun): EncodedRun => encodedDay(cells, about);
  const flags = () => ({ out: site, expectations: 'none' });

  /** Writes the folder of a run. */
  async function runFolder(results: Results): Promise<string> {
    const folder = join(dir, results.run.id);
    await mkdir(folder);
    await writeFile(join(folder, 'results.json'), JSON.stringify(results));
    return folder;
  }

  it('gets a file of data for each run, and rewrites none of those that are there', async () => {
    await add(day([cell()], { day: 1 }), day([failed], { day: 2 }));
    const before = await filesOf(join(site, 'data'));
    expect(await add(day([cell()], { day: 3, firefox: '154.0' }))).to.equal(3);
    const after = await filesOf(join(site, 'data'));
    const changed = [...after]
      .filter(([name, content]) => before.get(name) !== content)
      .map(([name]) => name);
    expect(changed).to.deep.equal(['history.js', 'runs-2026-11-03-day-3.js']);
    expect([...before.keys()].filter((name) => !after.has(name))).to.deep.equal([]);
    expect(said).to.deep.equal([]);
  });

  it('gives back what it was given', async () => {
    const cells = [cell(), failed, cell({ scenario: 'a/b/d', status: 'unsupported' }, 'it lacks it')];
    await add(day(cells, { day: 1 }));
    const { runs } = await readIndex(site);
    const [run] = await readRuns(site, runs, (problem) => said.push(problem));
    expect(run?.of('a/b/c', 'chromium:firefox')).to.deep.equal(
      historyDay(cells, { day: 1 }).of('a/b/c', 'chromium:firefox'),
    );
    expect(run?.of('a/b/c', 'chromium:firefox')?.outcome).to.equal('flaky');
    expect(run?.of('a/b/d', 'chromium:firefox')?.causes.map(({ message }) => message)).to.deep.equal([
      'it lacks it',
    ]);
  });

  it('orders runs by when they began, whenever they are added', async () => {
    await add(day([cell()], { day: 3 }));
    await add(day([failed], { day: 1 }), day([failed], { day: 2 }));
    const { runs } = await readIndex(site);
    expect(runs.map(({ id }) => id)).to.deep.equal(['day-1', 'day-2', 'day-3']);
    expect(await readFile(join(site, 'feed.json'), 'utf8')).to.contain('1 fixed');
  });

  it('compares within a label only', async () => {
    await add(day([cell()], { day: 1, label: 'stable' }), day([failed], { day: 2, label: 'nightly' }));
    expect(JSON.parse(await readFile(join(site, 'feed.json'), 'utf8')))
      .to.have.property('items')
      .with.length(0);
    await add(day([failed], { day: 3, label: 'stable' }));
    expect(await readFile(join(site, 'feed.json'), 'utf8')).to.contain('stable: No browser changed: 1 new');
  });

  it('keeps its address on the web', async () => {
    await addToSite(site, [day([cell()], { day: 1 })], {
      url: 'https://example.org/h/',
      say: () => undefined,
    });
    await add(day([failed], { day: 2 }));
    expect(await readFile(join(site, 'feed.atom'), 'utf8')).to.contain(
      'href="https://example.org/h/index.html#/compare?before=day-1&amp;after=day-2"',
    );
  });

  it('refuses a run that it has, and one that is named twice, and changes nothing', async () => {
    await add(day([cell()], { day: 1 }));
    const before = await filesOf(site);
    expect((await refusalOf(add(day([cell()], { day: 2 }), day([failed], { day: 1 })))).code).to.equal(
      'run-twice',
    );
    expect((await refusalOf(add(day([cell()], { day: 2 }), day([cell()], { day: 2 })))).code).to.equal(
      'run-twice',
    );
    expect(await filesOf(site)).to.deep.equal(before);
  });

  it('makes no folder for runs that it refuses', async () => {
    await refusalOf(add(day([cell()], { day: 2 }), day([cell()], { day: 2 })));
    expect(await readdir(dir)).to.deep.equal([]);
  });

  it('adds none of several runs where one is no run, and changes nothing', async () => {
    const good = await runFolder(resultsOfDay([cell()], { day: 2 }));
    await add(day([cell()], { day: 1 }));
    const before = await filesOf(site);
    const nothing = join(dir, 'nothing');
    await mkdir(nothing);
    for (const bad of [nothing, join(dir, 'not-there'), site])
      expect((await refusalOf(historyCommand([good, bad], flags()))).code, bad).to.equal('no-results');
    await writeFile(join(nothing, 'results.json'), '{"schemaVersion":"1.1.0"');
    expect((await refusalOf(historyCommand([good, nothing], flags()))).code).to.equal('invalid-results');
    expect(await filesOf(site)).to.deep.equal(before);
  });

  it('is left alone where a newer version made it', async () => {
    await add(day([cell()], { day: 1 }));
    await writeFile(join(site, 'data/history.js'), jsonCall('history', { history: 2, runs: {}, more: true }));
    const before = await filesOf(site);
    const refusal = await refusalOf(add(day([cell()], { day: 2 })));
    expect(refusal.code).to.equal('newer-site');
    expect(refusal.message).to.match(/made by a newer webrtc-interop \(form 2; this one knows 1\).*Update/);
    expect(await filesOf(site)).to.deep.equal(before);
  });

  for (const [what, harm] of [
    ['cut off', (path: string) => truncate(path, 100)],
    ['empty', (path: string) => writeFile(path, '')],
    ['code of somebody else', (path: string) => writeFile(path, 'document.title="owned"')],
    [
      'of other runs than a site has',
      (path: string) => writeFile(path, jsonCall('history', { history: 1, runs: [1] })),
    ],
    [
      'a link elsewhere',
      async (path: string) => {
        await cp(path, join(path, '../../../elsewhere.js'));
        await rm(path);
        await symlink('../../elsewhere.js', path);
      },
    ],
  ] as const)
    it(`is left alone where its index is ${what}`, async () => {
      await add(day([cell()], { day: 1 }));
      await harm(join(site, 'data/history.js'));
      const before = await filesOf(site);
      expect((await refusalOf(add(day([cell()], { day: 2 })))).code).to.equal('invalid-history');
      expect(await filesOf(site)).to.deep.equal(before);
    });

  it('is not begun in a folder that is something else', async () => {
    const folder = await runFolder(resultsOfDay([cell()], { day: 1 }));
    await writeFile(join(folder, 'index.html'), 'the report');
    site = folder;
    expect((await refusalOf(add(day([cell()], { day: 2 })))).code).to.equal('out-is-no-site');
    expect(await readFile(join(folder, 'index.html'), 'utf8')).to.equal('the report');
  });

  it('goes on without a run whose data is damaged, says so, and keeps that file as it is', async () => {
    await add(day([cell()], { day: 1 }), day([failed], { day: 2 }));
    const path = join(site, 'data/runs-2026-11-02-day-2.js');
    await truncate(path, 90);
    expect(await add(day([cell()], { day: 3 }))).to.equal(3);
    expect(said.join('\n')).to.match(
      /The run of 2026-11-02.* \(day-2\) is left out: .*is not as it was written/,
    );
    expect((await stat(path)).size).to.equal(90);
    expect((await readIndex(site)).runs).to.have.length(3);
  });

  it('ends the command with 3 where data of it could not be read, as what it tells is not all', async () => {
    await add(day([cell()], { day: 1 }));
    await truncate(join(site, 'data/runs-2026-11-01-day-1.js'), 90);
    const good = await runFolder(resultsOfDay([cell()], { day: 2 }));
    expect(await historyCommand([good], flags())).to.equal(3);
  });

  it('takes no address that is none of the web', async () => {
    const good = await runFolder(resultsOfDay([cell()], { day: 2 }));
    for (const url of ['javascript:alert(1)', 'history', ''])
      expect((await refusalOf(historyCommand([good], { ...flags(), url }))).code).to.equal('bad-url');
  });

  it('has no badge of what is in the last run no more', async () => {
    await add(day([cell(), cell({ scenario: 'old/b/c' })], { day: 1 }));
    expect(await readdir(join(site, 'badges'))).to.include('area-old.svg');
    await add(day([cell()], { day: 2 }));
    expect(await readdir(join(site, 'badges'))).to.deep.equal([
      'all.svg',
      'area-a.svg',
      'pair-chromium--firefox.svg',
    ]);
  });

  it('tells in compat.json what the last run of each label found that looked', async () => {
    const difference = (path: string, version: string | false) => ({
      path,
      browser: 'firefox',
      support: { version_added: version },
      status: { experimental: false, standard_track: true, deprecated: false },
    });
    const looked = (about: ExampleRun, compat: EncodedRun['compat']): EncodedRun =>
      encodeRun(resultsOfDay([cell()], about), {
        label: about.label ?? '',
        expectations: noExpectations,
        scrubber: new Scrubber({ hostName: '', userName: '' }),
        compat,
      });
    await add(day([cell()], { day: 1 }));
    expect(await readdir(site)).not.to.include('compat.json');
    await add(looked({ day: 2 }, [difference('api.A.a', false), difference('api.A.b', false)]));
    await add(looked({ day: 3 }, [difference('api.A.a', '≤154')]), day([cell()], { day: 4 }));
    expect(JSON.parse(await readFile(join(site, 'compat.json'), 'utf8'))).to.deep.equal({
      api: {
        A: {
          a: {
            __compat: {
              support: { firefox: { version_added: '≤154' } },
              status: { experimental: false, standard_track: true, deprecated: false },
            },
          },
        },
      },
    });
    await add(looked({ day: 5 }, []));
    expect(JSON.parse(await readFile(join(site, 'compat.json'), 'utf8'))).to.deep.equal({ api: {} });
  });

  it('names no machine', async () => {
    const telling = cell({ status: 'fail' }, 'cannot read /home/somebody-else/secret/file.txt at 192.0.2.17');
    await add(day([cell()], { day: 1 }), day([telling], { day: 2 }));
    const [, run] = await readRuns(site, (await readIndex(site)).runs, (problem) => said.push(problem));
    const all = [
      ...(await filesOf(site)).values(),
      JSON.stringify(run?.of('a/b/c', 'chromium:firefox')?.causes),
    ].join('\n');
    expect(all).to.contain('…/file.txt');
    expect(all).not.to.match(/somebody-else|192\.0\.2\.17/);
  });
});

describe('hostile text in a site', () => {
  const bad = `${hostile}\u0000\u001B]0;owned\u0007\u202E]]>\uFFFE`;
  let site: string;
  let remove: () => Promise<void>;
  before(async () => {
    const temp = await tempDir();
    ({ remove } = temp);
    site = join(temp.dir, 'site');
    const named = (run: EncodedRun): EncodedRun => ({
      ...run,
      entry: {
        ...run.entry,
        label: bad,
        id: `${run.entry.id}${bad}`,
        browsers: run.entry.browsers.map((browser) => ({
          ...browser,
          product: `Fox ${bad}`,
          version: `1${bad}`,
        })),
      },
      scenarios: run.scenarios.map((scenario) => ({ ...scenario, title: bad })),
    });
    const broken = cell({ scenario: '../<b>/x', status: 'fail' }, bad);
    const runs = [
      named(encodedDay([cell({ scenario: '../<b>/x' }), cell()], { day: 1 })),
      named(encodedDay([broken, failed], { day: 2, firefox: '154.0' })),
    ];
    await addToSite(site, runs, { say: (problem) => expect.fail(problem) });
  });
  after(() => remove());

  /** The text of an XML document, and its elements. */
  function parsed(xml: string): { elements: Set<string>; text: string } {
    const elements = new Set<string>();
    let text = '';
    const parser = new SaxesParser({ xmlns: true });
    parser.on('opentag', ({ local }) => void elements.add(local));
    parser.on('text', (part) => (text += part));
    parser.on('error', (error) => {
      throw error;
    });
    parser.write(xml).close();
    return { elements, text };
  }

  it('is text in the Atom feed, which stays well-formed', async () => {
    const { elements, text } = parsed(await readFile(join(site, 'feed.atom'), 'utf8'));
    expect([...elements].toSorted()).to.deep.equal([
      'author',
      'content',
      'entry',
      'feed',
      'id',
      'link',
      'name',
      'title',
      'updated',
    ]);
    expect(text).to.contain(`<img src=x onerror=`);
    // oxlint-disable-next-line no-control-regex -- which is what must not be there
    expect(text).not.to.match(/[\u0000\u001B\u0007\u202E\uFFFE]/);
  });

  it('is plain text in the JSON Feed, which has no HTML', async () => {
    const feed: unknown = JSON.parse(await readFile(join(site, 'feed.json'), 'utf8'));
    expect(JSON.stringify(feed)).not.to.contain('content_html');
    expect(feed).to.have.nested.property('items[0].content_text').that.contains('<img src=x');
  });

  it('is text in badges, and names no file elsewhere', async () => {
    const names = (await readdir(join(site, 'badges'), { recursive: true })).filter((name) =>
      name.endsWith('.svg'),
    );
    expect(names).to.have.length.above(2);
    for (const name of names) {
      const { elements } = parsed(await readFile(join(site, 'badges', name), 'utf8'));
      for (const element of ['script', 'img', 'foreignObject', 'a', 'image'])
        expect([...elements], name).not.to.include(element);
    }
    expect(await readdir(join(site, '..'))).to.deep.equal(['site']);
  });

  it('is text in the page, and no script ends in the data', async () => {
    const html = await readFile(join(site, 'index.html'), 'utf8');
    expect(html).not.to.match(/<img src=x|<script>/);
    expect(html).to.contain('&lt;img src=x');
    for (const name of await readdir(join(site, 'data')))
      expect(await readFile(join(site, 'data', name), 'utf8'), name).to.match(
        /^webrtcInterop\((?:"(?:[^"\\]|\\.)*",?){3}\);\n$/,
      );
    expect(await readFile(join(site, 'data/history.js'), 'utf8')).not.to.contain('<');
  });
});

describe('a badge', () => {
  const counts = { judged: 10, passed: 10, new: 0, known: 0, lost: 0 };

  it('is green only where everything that was judged passed', () => {
    expect(badgeWords(counts)).to.deep.equal({ message: '10/10 pass', color: 'brightgreen' });
    expect(badgeWords({ ...counts, passed: 9, known: 1 })).to.deep.equal({
      message: '9/10 pass, 1 known',
      color: 'yellow',
    });
    expect(badgeWords({ ...counts, passed: 9, new: 1 })).to.deep.equal({
      message: '9/10 pass, 1 unexpected',
      color: 'red',
    });
    expect(badgeWords({ ...counts, lost: 2 })).to.deep.equal({ message: '10/10 pass, 2 lost', color: 'red' });
    expect(badgeWords({ ...counts, passed: 0, judged: 0 })).to.deep.equal({
      message: 'not supported',
      color: 'lightgrey',
    });
  });

  const allOf = (cells: readonly Cell[], about: ExampleRun): string =>
    badgesOf(modelOfHistoryRun(historyDay(cells, about)))
      .map(({ svg }) => /aria-label="([^"]*)"/.exec(svg)?.[1] ?? '')
      .join('; ');

  it('says nothing of a run that is not complete', () => {
    expect(allOf([cell()], { day: 1, complete: false })).to.equal(
      'webrtc interop: incomplete; a: incomplete; Chromium → Firefox: incomplete',
    );
  });

  it('says nothing of a run whose canary failed', () => {
    const canary = cell({ scenario: 'canary/agent/unknown-command', answerer: null });
    expect(allOf([cell(), canary], { day: 1 })).to.match(
      /^webrtc interop: a canary failed; a: a canary failed/,
    );
  });

  it('counts what lost support and what failed, for the whole, an area and a pair', () => {
    const says = 'answerer firefox has no codec:video/VP8:send, says its probe';
    const lost = cell({ scenario: 'c/d/e', status: 'unsupported' }, says);
    const expectations = new Expectations(
      {
        expectations: [],
        lacks: [{ browser: 'gecko', names: ['codec:audio/red:send'], why: 'It has none.' }],
      },
      resultsOfDay([], { day: 1 }).browsers,
    );
    expect(allOf([failed, lost], { day: 1, expectations })).to.equal(
      'webrtc interop: 0/1 pass, 1 unexpected, 1 lost; a: 0/1 pass, 1 unexpected; c: 0/0 pass, 1 lost; ' +
        'Chromium → Firefox: 0/1 pass, 1 unexpected, 1 lost',
    );
  });
});
