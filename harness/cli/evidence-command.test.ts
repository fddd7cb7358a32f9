import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { UsageError } from '../errors.ts';
import { makeOld, writeExample } from '../report/example.ts';
import { tempDir } from '../results/temp-dir.ts';
import { evidenceCommand } from './evidence-command.ts';

describe('the command evidence', () => {
  let dir: string;
  let remove: () => Promise<void>;
  const cell = 'codecs/video/vp8/chromium:firefox';
  beforeEach(async () => {
    ({ dir, remove } = await tempDir());
    await writeExample(join(dir, 'run'));
  });
  afterEach(() => remove());

  for (const what of ['packs', 'files, as runs of 1.0.0 have it']) {
    it(`writes what a cell left out of ${what}`, async () => {
      if (what !== 'packs') await makeOld(join(dir, 'run'));
      expect(await evidenceCommand(cell, join(dir, 'run'), { out: join(dir, 'out') })).to.equal(0);
      expect(await readdir(join(dir, 'out'))).to.have.members([
        'offer.sdp',
        'answer.sdp',
        'signaling.jsonl',
        'offerer-stats.json',
        'answerer-stats.json',
        'offerer-console.jsonl',
        'answerer-console.jsonl',
        'offerer-screenshot.png',
        'answerer-screenshot.png',
      ]);
      expect(await readFile(join(dir, 'out', 'offer.sdp'), 'utf8')).to.match(/^v=0\r\n/);
    });
  }

  it('keeps what an earlier attempt left apart', async () => {
    const flaky = 'codecs/audio/opus/firefox:chromium';
    expect(await evidenceCommand(flaky, join(dir, 'run'), { out: join(dir, 'out') })).to.equal(0);
    expect(await readdir(join(dir, 'out')))
      .to.include('attempt-1')
      .and.include('offer.sdp');
  });

  it('ends with 3 where evidence is gone', async () => {
    await rm(join(dir, 'run', 'evidence'), { recursive: true });
    expect(await evidenceCommand(cell, join(dir, 'run'), { out: join(dir, 'out') })).to.equal(3);
  });

  it('names cells that are called alike where there is none of a name', async () => {
    const error: unknown = await evidenceCommand('codecs/video/vp8', join(dir, 'run'), {}).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(UsageError).with.property('code', 'no-such-cell');
    expect(String(error)).to.contain('codecs/video/vp8/chromium:chromium');
  });
});
