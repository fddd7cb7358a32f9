import { expect } from 'chai';
import { loadScenarios } from '../harness/matrix/load.ts';
import { packageRoot } from '../harness/run/environment.ts';

/** Areas in which no question can be asked of a browser without peer connections. */
const ofCalls: readonly string[] = ['codecs', 'connection', 'media', 'statistics', 'telephony'];

describe('scenarios of calls', () => {
  it('say that they need peer connections, so that a browser without them is unsupported and fails none', async () => {
    const scenarios = await loadScenarios(packageRoot);
    const blind = scenarios
      .map(({ result }) => result)
      .filter(({ area }) => ofCalls.includes(area))
      .filter(({ requires }) => !requires.offerer.some((name) => /^(?:RTC|interface:RTC)/.test(name)));
    expect(blind.map(({ id }) => id)).to.deep.equal([]);
  });
});
