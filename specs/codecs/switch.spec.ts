import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PeerHandle } from '../../harness/matrix/scenario.ts';
import { scenario } from '../scenario.ts';
import { expectPace } from '../steps/hold.ts';
import {
  bothNegotiate,
  expectCodec,
  expectPicture,
  offerVideo,
  receiveVideo,
  videoReceiver,
  videoSender,
} from './steps.ts';

const vp8 = 'video/VP8';
const vp9 = 'video/VP9;profile-id=0';
const needs = {
  offerer: [`codec:${vp8}:send`, `codec:${vp9}:send`, ...videoSender],
  answerer: [`codec:${vp8}:receive`, `codec:${vp9}:receive`, ...videoReceiver],
};

/** Keeps watching until a codec is in use and 15 more frames came; reports how long the picture stood still meanwhile. */
const watchSwitch = (receiver: PeerHandle<Agent>, mimeType: string) =>
  receiver.run(async ({ connection, media, codecs, waitFor }, wanted) => {
    const watcher = media.watch((await connection.track('video')).track);
    await waitFor({
      name: `inbound-rtp to name ${wanted}`,
      phase: 'media',
      probe: async () => (await codecs.used(connection, 'inbound-rtp', 'video'))?.mimeType === wanted,
      triggers: [{ everyMs: 100 }],
    });
    const { risen } = watcher.report();
    return watcher.until('15 new frames by the new codec', (report) => report.risen >= risen + 15);
  }, mimeType);

scenario(
  {
    id: 'codecs/switch/renegotiate',
    version: 2,
    title: 'Another codec by renegotiation',
    asks: 'When the offerer prefers VP9 instead of VP8 mid-call, does the picture go on with no gap longer than a second?',
    level: 'should',
    specs: ['https://www.w3.org/TR/webrtc/#dom-rtcrtptransceiver-setcodecpreferences'],
    needs,
  },
  async (pair) => {
    await offerVideo(pair, { prefer: [vp8, vp9] });
    await expectCodec(pair.offerer, await receiveVideo(pair.answerer, { stretchMs: 0 }), 'video', vp8);
    const watched = watchSwitch(pair.answerer, 'video/VP9');
    const offered = pair.offerer.run(
      async ({ connection, codecs }, order) => {
        for (const transceiver of connection.pc.getTransceivers()) codecs.prefer(transceiver, ...order);
        await connection.negotiate();
      },
      [vp9, vp8],
    );
    const [{ longestGapMs, fell }] = await Promise.all([watched, bothNegotiate(pair.answerer, offered)]);
    const received = await receiveVideo(pair.answerer);
    await expectCodec(pair.offerer, received, 'video', vp9);
    expect(fell, 'frame numbers that fell around the switch').to.deep.equal([]);
    expectPace(longestGapMs, 'the longest gap between new frames, in ms').to.be.at.most(1000);
    expectPicture(pair, received);
    pair.measure('gap', longestGapMs, 'ms');
  },
);

scenario(
  {
    id: 'codecs/switch/set-parameters',
    version: 2,
    title: 'Another codec by setParameters',
    asks: 'When the sender sets VP9 instead of VP8 without negotiating, does the picture go on with no gap longer than a second?',
    level: 'should',
    specs: ['https://www.w3.org/TR/webrtc-extensions/#dom-rtcrtpencodingparameters-codec'],
    needs: { ...needs, offerer: [...needs.offerer, 'encoding:codec'] },
  },
  async (pair) => {
    await offerVideo(pair, { prefer: [vp8, vp9] });
    await expectCodec(pair.offerer, await receiveVideo(pair.answerer, { stretchMs: 0 }), 'video', vp8);
    const watched = watchSwitch(pair.answerer, 'video/VP9');
    const set = pair.offerer.run(async ({ connection, codecs }, selector) => {
      const [sender] = connection.pc.getSenders();
      const parameters = sender?.getParameters();
      const codec = parameters?.codecs.find((negotiated) => codecs.is(negotiated, selector));
      if (!parameters || !codec) throw new Error(`${selector} is not among the negotiated codecs`);
      for (const encoding of parameters.encodings) Reflect.set(encoding, 'codec', codec);
      await sender?.setParameters(parameters);
    }, vp9);
    const [{ longestGapMs, fell }] = await Promise.all([watched, set]);
    const received = await receiveVideo(pair.answerer);
    expect(received.codec?.mimeType, 'the codec that inbound-rtp names').to.equal('video/VP9');
    expect(fell, 'frame numbers that fell around the switch').to.deep.equal([]);
    expectPace(longestGapMs, 'the longest gap between new frames, in ms').to.be.at.most(1000);
    expectPicture(pair, received);
    pair.measure('gap', longestGapMs, 'ms');
  },
);
