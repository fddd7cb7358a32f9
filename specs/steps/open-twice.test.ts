import { expect } from 'chai';
import { Recorder, recordInto } from '../../harness/run/recorder.ts';
import { expectNone } from './open-twice.ts';

/** Whether the check of what happened, which does not hold, is one of pace. */
async function isOfPace(happened: readonly string[], engine: 'chromium' | 'gecko'): Promise<boolean> {
  const recorder = new Recorder();
  await recordInto(recorder, async () => {
    expect(() => expectNone(happened, 'what happened', { engine })).to.throw('what happened');
  });
  return recorder.checks.find(({ name }) => name === 'what happened')?.paced === true;
}

describe('what nobody caused', () => {
  it('is nothing', () => {
    expectNone([], 'what happened', { engine: 'chromium' });
  });

  it('is looked at again where a channel opens twice in Chromium, however that is told, and nothing else happens', async () => {
    const told = ['2 open events on "proof"', 'channel open came twice for "proof"'];
    for (const each of told) {
      expect(await isOfPace([each], 'chromium'), each).to.equal(true);
      expect(await isOfPace([each], 'gecko'), each).to.equal(false);
    }
    expect(await isOfPace([...told, 'a message on "proof"'], 'chromium')).to.equal(false);
  });
});
