import { expect } from 'chai';
import { makeScenario } from '../matrix/scenario.ts';
import { Browsers } from './browsers.ts';
import { exampleLender } from './lender.example.ts';

describe('the browsers of a run', () => {
  const scenario = makeScenario(
    {
      id: 'connection/some/thing',
      title: '',
      asks: '',
      level: 'info',
      specs: [],
      needs: ['RTCDtlsTransport'],
    },
    'pair',
    async () => undefined,
  );
  const cell = { scenario: 'connection/some/thing', offerer: 'a', answerer: 'a' };

  it('are asked once for everything, and a page with scripts of one cell for what that needs', async () => {
    const asked: string[] = [];
    const options = { scripts: { offerer: [], answerer: [] }, adapter: { name: 'adapter', source: '' } };
    const lender = exampleLender('a', (name, { scripts: loaded }) => {
      asked.push(`${name} with ${String(loaded.length)} scripts`);
      return true;
    });
    const browsers = new Browsers([lender], ['everything'], options, {}, { of: () => [] });
    const variation = { scripts: { answerer: [{ name: 'a fault', source: '' }] } };
    for (const varied of [{}, variation, variation])
      await browsers.unsupported(scenario, browsers.sides(cell, scenario, varied), varied);
    expect(asked).to.deep.equal([
      'everything with 0 scripts',
      'RTCDtlsTransport with 1 scripts',
      'RTCPeerConnection with 1 scripts',
    ]);
  });
});
