import { expect } from 'chai';
import { PNG } from 'pngjs';
import { HarnessError, IncompleteError } from '../errors.ts';
import type { Cell } from '../results/schema.ts';
import { Keeper } from './keeper.ts';
import { defaultLimits } from './limits.ts';
import { notRun } from './outcome.ts';

const cell = notRun({ scenario: 'codecs/video/vp8', offerer: 'a', answerer: 'b' }, '', 'some-code', 'so');
const limits = { ...defaultLimits, storeMs: 10 };
const writeEvidence = (): Promise<never> => Promise.reject(new Error('not asked for'));

describe('what keeps cells', () => {
  it('stores a cell that contradicts itself as an error, and goes on', async () => {
    const stored: Cell[] = [];
    const appendCell = (one: Cell): Promise<void> => {
      if (one.status === 'notrun') return Promise.reject(new HarnessError('invalid-cell', 'it cannot be'));
      stored.push(one);
      return Promise.resolve();
    };
    const keeper = new Keeper({ appendCell, writeEvidence }, limits);
    const kept = await keeper.cell(cell);
    expect(kept.status).to.equal('error');
    expect(stored).to.deep.equal([kept]);
    expect(keeper.failure).to.equal(undefined);
  });

  it('keeps pictures as small as they get, and each once for all cells that have it', async () => {
    const picture = new PNG({ width: 64, height: 64 });
    picture.data.fill(255);
    const opaque = PNG.sync.write(picture, { deflateLevel: 0 });
    const { status, phase, reason, startedAt, durationMs, checks, measurements } = cell;
    const attempt = { status, phase, reason, startedAt, durationMs, checks, measurements };
    const kept: unknown[] = [];
    const keeper = new Keeper(
      {
        appendCell: () => Promise.resolve(),
        writeEvidence: async (evidence) => {
          kept.push(...evidence.map(({ content }) => content));
          return [];
        },
      },
      limits,
    );
    const evidence = [
      { kind: 'screenshot', peer: 'single', name: 'screenshot.png', content: opaque },
    ] as const;
    await keeper.attempt(cell, { ...attempt, evidence: [...evidence] });
    await keeper.attempt(cell, { ...attempt, evidence: [...evidence] });
    expect(kept[0]).to.have.property('length').below(200);
    expect(kept[1]).to.equal(kept[0]);
  });

  it('gives up a disk that does not answer, for good', async () => {
    let asked = 0;
    const appendCell = (): Promise<void> => {
      asked += 1;
      return new Promise(() => undefined);
    };
    const keeper = new Keeper({ appendCell, writeEvidence }, limits);
    await keeper.cell(cell);
    await keeper.cell(cell);
    expect(asked).to.equal(1);
    expect(keeper.failure).to.be.instanceOf(IncompleteError);
  });
});
