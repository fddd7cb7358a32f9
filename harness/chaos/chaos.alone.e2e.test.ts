import { expect } from 'chai';
import { attackedRun } from './attacked-run.ts';
import { randomFrom } from './random.ts';

describe('a run under attack', function () {
  before(function () {
    if (process.platform !== 'linux') this.skip();
  });

  it('loses no cell but those that were hit, blames the right side and leaves nothing behind', async () => {
    const { attacks, violations, said } = await attackedRun({
      browsers: ['chromium'],
      scenarios: ['data-channels/message/text-echo'],
      repeat: 60,
      signals: ['SIGKILL', 'SIGSTOP', 'SIGKILL'],
      random: randomFrom(7),
    });
    expect(violations, said).to.deep.equal([]);
    expect(attacks).not.to.deep.equal([]);
  });
}).timeout(300_000);
