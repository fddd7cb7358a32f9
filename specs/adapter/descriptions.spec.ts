import { expect } from 'chai';
import { single } from '../scenario.ts';
import { adapterSite, adapterUrl, expectAdapterToLoad, type Peer } from './steps.ts';

/** The offer and the answer of a fresh window, line by line, with what is random in each taken out. */
const descriptionsIn = (peer: Peer, scripts: readonly string[]) =>
  peer.run(async (agent, urls) => {
    const { window } = await agent.freshWindow({ scripts: urls });
    const { a, b, negotiate } = agent.localPair(window);
    const { track, stream } = agent.media.video();
    a.addTrack(track, stream);
    a.addTransceiver('audio');
    a.createDataChannel('data');
    await negotiate();
    const plain = (description: RTCSessionDescription | null) =>
      (description?.sdp ?? '')
        .split('\r\n')
        .filter((line) => !/^a=(?:candidate|end-of-candidates|rtcp:)|^c=/.test(line))
        .map((line) =>
          line
            .replace(/^(o=|a=(?:ice-ufrag|ice-pwd|fingerprint|ssrc|ssrc-group|msid|cname)\b).*/, '$1…')
            .replace(/^(m=\w+) \d+/, '$1 PORT'),
        );
    return { offer: plain(a.localDescription), answer: plain(b.localDescription) };
  }, scripts);

single(
  {
    id: 'adapter/descriptions/offer-and-answer',
    title: 'The same descriptions with adapter',
    asks: 'Are the offer and the answer of a page with adapter those of a page without?',
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
      const difference = {
        without: native[type].filter((line) => !shimmed[type].includes(line)),
        with: shimmed[type].filter((line) => !native[type].includes(line)),
      };
      expect(native[type].length, `lines of the ${type}`).to.be.above(20);
      expect(difference, `lines of the ${type} that differ`).to.deep.equal({ without: [], with: [] });
    }
  },
);
