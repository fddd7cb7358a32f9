import { expect } from 'chai';
import { mutants } from '../../specs/breakages/catalogue.ts';
import { loadScenarios } from '../matrix/load.ts';
import { packageRoot } from '../run/environment.ts';
import type { Sides } from './plan.ts';
import { MutantRunner } from './runner.ts';
import { judge } from './tally.ts';

/** A fixed sample of each kind that must still be seen; `npm run mutants` runs the whole catalogue. */
const sample: readonly (readonly [mutant: string, scenario: string, on: Sides])[] = [
  ['data/flip-last-byte', 'data-channels/message/array-buffer', 'offerer'],
  ['data/noncharacters-lost', 'data-channels/message/text-every-plane', 'answerer'],
  ['events/missing-RTCDataChannel-open', 'data-channels/opening/in-order-with-data', 'answerer'],
  ['pictures/shown-mirrored', 'codecs/video/vp8', 'answerer'],
  ['pictures/sent-hue-40', 'codecs/video/vp8', 'offerer'],
  ['sound/heard-swapped', 'codecs/audio/opus-stereo', 'answerer'],
  ['sdp/restart-ignored', 'data-channels/life/ice-restart', 'offerer'],
  ['statistics/vp8-is-vp9', 'codecs/video/vp8', 'answerer'],
  ['states/RTCDataChannel-readyState-always-connecting', 'data-channels/message/array-buffer', 'offerer'],
  ['senders/maxFramerate-becomes-undefined', 'codecs/encodings/max-framerate', 'offerer'],
  ['capture/canvas-disabled', 'dom-capture/canvas-context/2d', 'single'],
];

describe('a browser that is broken on purpose', () => {
  let runner: MutantRunner;

  before(async function () {
    this.timeout(90_000);
    const used = new Set(sample.map(([, scenario]) => scenario));
    const scenarios = (await loadScenarios(packageRoot)).filter(({ result }) => used.has(result.id));
    runner = await MutantRunner.open(scenarios, ['chromium', 'chromium'], 1);
  });

  after(async function () {
    this.timeout(60_000);
    await runner.close();
  });

  for (const [id, scenario, on] of sample) {
    it(`is seen by ${scenario}: ${id} at the ${on}`, async () => {
      const mutant = mutants().find((known) => known.id === id);
      if (!mutant) throw new Error(`there is no ${id}`);
      const { kind, words } = mutant;
      const outcome = await runner.mutate(mutant, { mutant: id, kind, scenario, on, timeoutMs: 5000 });
      expect(`${judge(outcome, words)}: ${outcome.reason}`).to.match(/^seen: /);
    }).timeout(60_000);
  }

  it('is not seen where nothing is broken: the survey passes and says what the pages use', async () => {
    const healthy = await runner.survey('codecs/video/vp8');
    expect(healthy?.uses['offerer']).to.include('sent video');
    expect(healthy?.uses['answerer']).to.include.members(['shown video', 'RTCPeerConnection@track']);
  }).timeout(60_000);

  it('has ids that are its own', () => {
    const ids = mutants().map(({ id }) => id);
    expect(ids.filter((id, at) => ids.indexOf(id) < at)).to.deep.equal([]);
  });
});
