import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { EvidenceReader, filesOf } from '../results/evidence-reader.ts';
import { packsIn } from '../results/pack-writer.ts';
import { openStoredRun, wholeOf } from '../results/read-run.ts';
import { openStore } from '../results/store.ts';
import { tempDir } from '../results/temp-dir.ts';
import { exampleHeader, readChunk, writeExample } from './example.ts';
import { writeReports } from './index.ts';
import { publishRun } from './publish.ts';
import type { ChunkName } from './data.ts';

const machine = { hostName: 'build-7.example', userName: 'maria' };
const telling = /192\.0\.2\.17|build-7|maria|\/opt\/|\/tmp\//i;
const none = (problem: string): never => {
  throw new Error(problem);
};

/** Every text of a run: its files, what is in its packs, and its chunks. */
async function textsOf(dir: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const name of await readdir(dir, { recursive: true })) {
    const text = await readFile(join(dir, name), 'utf8').catch(() => null); // a folder
    if (text !== null) texts.set(name, text);
    const chunk = /^data.(?<name>[a-z]+(?:-\d+)?)\.js$/.exec(name)?.groups?.['name'];
    if (chunk !== undefined && !chunk.startsWith('pack-'))
      texts.set(`in ${name}`, JSON.stringify(await readChunk(dir, chunk.replace('-', '/') as ChunkName)));
  }
  for (const number of await packsIn(join(dir, 'evidence'))) {
    const pack = await new EvidenceReader(dir).pack(number);
    for (const line of pack.lines)
      for (const [at, content] of ((await filesOf(pack, line)) ?? []).entries())
        texts.set(`pack ${number}: ${line.files[at]?.sha256 ?? ''}`, content.toString('utf8'));
  }
  return texts;
}

const pair = { scenario: 'codecs/video/vp8', offerer: 'chromium', answerer: 'firefox' };

describe('a published run', () => {
  let dir: string;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    ({ dir, remove } = await tempDir());
  });
  afterEach(() => remove());

  it('has every cell and every piece of evidence, and no address in any file', async () => {
    const whole = await writeExample(join(dir, 'run'));
    expect([...(await textsOf(join(dir, 'run'))).values()].some((text) => telling.test(text))).to.equal(true);
    const stored = await openStoredRun(join(dir, 'run'));
    const copy = await publishRun(stored, join(dir, 'run'), join(dir, 'out'), machine, none);
    expect(await writeReports(copy, join(dir, 'out'))).to.deep.equal([]);
    const { cells } = await wholeOf(copy);
    expect(cells.map(({ status, evidence }) => [status, evidence.length])).to.deep.equal(
      whole.cells.map(({ status, evidence }) => [status, evidence.length]),
    );
    for (const [name, text] of await textsOf(join(dir, 'out'))) expect(text, name).not.to.match(telling);
  });

  it('tells nothing of paths, names and addresses in commands, reasons, flags and checks, nor shows a pass', async () => {
    const { run, browsers, scenarios } = exampleHeader();
    const store = await openStore(join(dir, 'run'));
    const [browser] = browsers;
    if (browser === undefined) throw new Error('the example has browsers');
    const evidence = await store.writeEvidence(
      [
        { kind: 'screenshot', peer: 'offerer', name: 'screenshot.png', content: 'a picture' },
        { kind: 'trace', peer: null, name: 'odd.bin', content: 'maria' },
        {
          kind: 'console',
          peer: 'offerer',
          name: 'console.jsonl',
          content: '{"text":"at /opt/x/y.js of maria"}',
        },
      ],
      pair,
    );
    const cell = {
      scenario: 'codecs/video/vp8',
      offerer: 'chromium',
      answerer: 'firefox',
      phase: null,
      reason: null,
      signature: null,
      startedAt: '2026-11-25T10:00:00.000Z',
      durationMs: 1,
      flaky: false,
      attempts: [],
      checks: [{ name: 'address', ok: true, expected: { host: '192.0.2.17' }, actual: ['192.0.2.17'] }],
      measurements: {},
      repro: 'npx webrtc-interop run --browsers nightly=firefox:/opt/maria/firefox',
    };
    await store.appendCell({ ...cell, status: 'pass', evidence });
    await store.appendCell({
      ...cell,
      status: 'fail',
      reason: { code: 'x', message: 'maria on build-7.example at 192.0.2.17', peer: null },
      signature: 'fail x: build-7.example',
      evidence,
    });
    const flags = { ...browser, version: '1.2.3.4', launchArgs: ['--user-data-dir=/tmp/maria/profile'] };
    const about = { ...run, plannedCells: 2, argv: ['run', '--out', '/tmp/maria/out'] };
    await store.finish(about, [flags], scenarios);
    const left: string[] = [];
    const stored = await openStoredRun(join(dir, 'run'));
    const copy = await publishRun(stored, join(dir, 'run'), join(dir, 'out'), machine, (problem) =>
      left.push(problem),
    );
    await writeReports(copy, join(dir, 'out'));
    for (const [name, text] of await textsOf(join(dir, 'out'))) expect(text, name).not.to.match(telling);
    const { cells, browsers: shown } = await wholeOf(copy);
    expect(cells.map((each) => each.evidence.map(({ path }) => path))).to.deep.equal([
      ['offerer-console.jsonl'],
      ['offerer-screenshot.png', 'offerer-console.jsonl'],
    ]);
    expect(shown[0]?.version).to.equal('1.2.3.4');
    expect(left).to.have.length(2);
    expect(left[0]).to.match(/^odd\.bin .* is not published: it is neither text nor a picture/);
  });
});
