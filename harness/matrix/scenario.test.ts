import { expect } from 'chai';
import { makeScenario, type ScenarioDeclaration } from './scenario.ts';

const loadOf = (more: Partial<ScenarioDeclaration>, roles: 'pair' | 'single' = 'pair') =>
  makeScenario(
    { id: 'codecs/a/b', title: 'A', asks: 'B?', level: 'info', specs: [], ...more },
    roles,
    async () => undefined,
  ).load;

describe('the load of a scenario', () => {
  it('is light where it needs nothing that captures, encodes or decodes', () => {
    expect(loadOf({})).to.equal('light');
    expect(loadOf({ needs: ['RTCPeerConnection.prototype.restartIce', 'sctp:send:1048576'] })).to.equal(
      'light',
    );
  });

  it('is media where either side needs that', () => {
    for (const need of [
      'codec:video/VP8:send',
      'HTMLCanvasElement.prototype.captureStream',
      'plays:video/mp4',
    ]) {
      expect(loadOf({ needs: { answerer: [need] } }), need).to.equal('media');
      expect(loadOf({ needs: [need] }, 'single'), need).to.equal('media');
    }
  });

  it('is what the scenario says', () => {
    expect(loadOf({ load: 'alone', needs: ['codec:video/VP8:send'] })).to.equal('alone');
  });
});
