import { expect } from 'chai';
import { single } from '../scenario.ts';
import { adapterSite, adapterUrl, differenceOf, expectAdapterToLoad, type Peer } from './steps.ts';

/** The offer and the answer of a fresh window. */
const descriptionsIn = (peer: Peer, scripts: readonly string[]) =>
  peer.run(async (agent, urls) => {
    const { window } = await agent.freshWindow({ scripts: urls });
    const { a, b, negotiate } = agent.localPair(window);
    const { track, stream } = agent.media.video();
    a.addTrack(track, stream);
    a.addTransceiver('audio');
    a.createDataChannel('data');
    await negotiate();
    return { offer: a.localDescription?.sdp ?? '', answer: b.localDescription?.sdp ?? '' };
  }, scripts);

single(
  {
    id: 'adapter/descriptions/offer-and-answer',
    title: 'The same descriptions with adapter',
    asks: 'Are the offer and the answer of a page with adapter the same as those of a page without?',
    level: 'should',
    specs: ['https://www.rfc-editor.org/rfc/rfc8829#section-5', adapterSite],
    needs: ['RTCPeerConnection', 'HTMLCanvasElement.prototype.captureStream'],
  },
  async ({ peer, trace }) => {
    await expectAdapterToLoad(peer);
    const native = await descriptionsIn(peer, []);
    const shimmed = await descriptionsIn(peer, [adapterUrl()]);
    trace('descriptions', { native, shimmed });
    for (const type of ['offer', 'answer'] as const) {
      const lines = native[type].split('\r\n').length;
      expect(lines, `lines of the ${type}`).to.be.above(20);
      expect(differenceOf(native[type], shimmed[type]), `lines of the ${type} that differ`).to.deep.equal({
        without: [],
        with: [],
      });
    }
  },
);
