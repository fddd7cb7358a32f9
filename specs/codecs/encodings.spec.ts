import { expect } from 'chai';
import { scenario } from '../scenario.ts';
import {
  parametersOf,
  receiveAtRate,
  receivedRate,
  receiveNothing,
  receiveRate,
  receiveSize,
  setEncodings,
} from './encoding-steps.ts';
import { fiveFrames, fiveOfTwenty, scaled, sent, starved, timeToLimit, timeToStop } from '../steps/bounds.ts';
import { hold } from '../steps/hold.ts';
import { section } from './sdp.ts';
import { expectPicture, offerVideo, receiveVideo, videoReceiver, videoSender } from './steps.ts';

const webrtc = (fragment: string) => `https://www.w3.org/TR/webrtc/#${fragment}`;
const hints = 'https://www.w3.org/TR/mst-content-hint/';
const vp8 = 'video/VP8';
const needs = {
  offerer: [`codec:${vp8}:send`, 'RTCRtpSender.prototype.setParameters', ...videoSender],
  answerer: [`codec:${vp8}:receive`, ...videoReceiver],
};

scenario(
  {
    id: 'codecs/encodings/active-false',
    version: 2,
    title: 'active: false, then true again',
    asks: 'Do packets and frames stop while the encoding is inactive, and come again once it is active?',
    level: 'must',
    specs: [webrtc('dom-rtcrtpencodingparameters-active')],
    needs,
  },
  async (pair) => {
    await offerVideo(pair, { prefer: [vp8] });
    await receiveVideo(pair.answerer, { stretchMs: 0 });
    await setEncodings(pair.offerer, { active: false });
    const { lastMs } = await receiveNothing(pair.answerer);
    hold(pair, 'time to the last frame', lastMs, 'ms', timeToStop);
    await setEncodings(pair.offerer, { active: true });
    expectPicture(pair, await receiveVideo(pair.answerer));
  },
);

scenario(
  {
    id: 'codecs/encodings/inactive-at-first',
    version: 2,
    title: 'Inactive at first',
    asks: 'Once connected, does an encoding that was added as inactive send nothing until it is made active?',
    level: 'must',
    specs: [webrtc('dom-rtcrtpencodingparameters-active')],
    needs,
  },
  async (pair) => {
    await offerVideo(pair, { prefer: [vp8], encodings: [{ active: false }] });
    await pair.answerer.run(({ connection }) => connection.connected());
    const { frames } = await receiveNothing(pair.answerer);
    expect(frames, 'frames while the encoding was not active').to.equal(0);
    await setEncodings(pair.offerer, { active: true });
    expectPicture(pair, await receiveVideo(pair.answerer));
  },
);

for (const [name, factor, size] of [
  ['scale-down', 2, [320, 240]],
  ['scale-down-by-4', 4, [160, 120]],
  ['scale-down-by-2-5', 2.5, [256, 192]],
] as const) {
  scenario(
    {
      id: `codecs/encodings/${name}`,
      version: 2,
      title: `scaleResolutionDownBy ${factor}`,
      asks: `Does a picture of 640×480 that is sent with scaleResolutionDownBy ${factor} arrive as ${size.join('×')}?`,
      level: 'must',
      specs: [webrtc('dom-rtcrtpencodingparameters-scaleresolutiondownby')],
      needs,
    },
    async (pair) => {
      const encodings = [{ scaleResolutionDownBy: factor }];
      await offerVideo(pair, {
        prefer: [vp8],
        encodings,
        carries: 1_000_000,
        source: { width: 640, height: 480 },
      });
      expectPicture(pair, await receiveVideo(pair.answerer), size, scaled);
    },
  );
}

scenario(
  {
    id: 'codecs/encodings/scale-down-in-mid-call',
    version: 2,
    title: 'scaleResolutionDownBy mid-call',
    asks: 'Does setParameters turn a picture of 320×240 into one of 160×120, without negotiating?',
    level: 'must',
    specs: [
      webrtc('dom-rtcrtpencodingparameters-scaleresolutiondownby'),
      webrtc('dom-rtcrtpsender-setparameters'),
    ],
    needs,
  },
  async (pair) => {
    await offerVideo(pair, { prefer: [vp8] });
    await receiveSize(pair.answerer, [320, 240]);
    await setEncodings(pair.offerer, { scaleResolutionDownBy: 2 });
    await receiveSize(pair.answerer, [160, 120]);
    expectPicture(pair, await receiveVideo(pair.answerer), [160, 120], scaled);
  },
);

scenario(
  {
    id: 'codecs/encodings/max-framerate',
    version: 2,
    title: 'maxFramerate 5',
    asks: 'Where 20 frames a second are drawn and maxFramerate is 5, do about 5 a second arrive?',
    level: 'must',
    specs: [webrtc('dom-rtcrtpencodingparameters-maxframerate')],
    needs,
  },
  async (pair) => {
    await offerVideo(pair, { prefer: [vp8], encodings: [{ maxFramerate: 5 }] });
    const { arrived, drawn } = await receiveRate(pair.answerer, 8);
    hold(pair, 'frames drawn', drawn, 'fps', { least: 10, paced: true });
    hold(pair, 'frames arrived', arrived, 'fps', fiveFrames);
    expectPicture(pair, await receiveVideo(pair.answerer), [320, 240], fiveOfTwenty);
  },
);

scenario(
  {
    id: 'codecs/encodings/max-bitrate',
    version: 2,
    title: 'maxBitrate 100 kbit/s',
    asks: 'Where a sender of noise uses more than 200 kbit/s, does a maxBitrate of 100 kbit/s hold it below 140 kbit/s?',
    level: 'must',
    specs: [
      webrtc('dom-rtcrtpencodingparameters-maxbitrate'),
      'https://www.rfc-editor.org/rfc/rfc3890#section-6.2',
    ],
    needs,
  },
  async (pair) => {
    await offerVideo(pair, { prefer: [vp8], carries: 1_000_000, source: { noise: true } });
    const free = await receiveAtRate(pair.answerer, { above: 200_000 });
    await setEncodings(pair.offerer, { maxBitrate: 100_000 });
    const changed = performance.now();
    await receiveAtRate(pair.answerer, { below: 140_000 });
    hold(pair, 'time to the limit', Math.round(performance.now() - changed), 'ms', timeToLimit);
    pair.measure('bitrate before', free.bitsPerSecond, 'bit/s');
    // and it stays there
    const [held, { report }] = await Promise.all([
      receivedRate(pair.answerer),
      receiveVideo(pair.answerer, { stretchMs: 2000 }),
    ]);
    hold(pair, 'bitrate held', held, 'bit/s', { least: 20_000, most: 140_000 });
    expect(report.fell, 'frame numbers that fell').to.deep.equal([]);
    hold(pair, 'longest gap', report.longestGapMs, 'ms', { most: starved.gapMs, paced: true });
  },
);

for (const [name, encodings, size] of [
  [
    'simulcast-rids-answered-without',
    [{ rid: 'low', scaleResolutionDownBy: 2 }, { rid: 'high' }],
    [160, 120],
  ],
  ['simulcast-rids-high-first', [{ rid: 'high' }, { rid: 'low', scaleResolutionDownBy: 2 }], [320, 240]],
] as const) {
  scenario(
    {
      id: `codecs/encodings/${name}`,
      version: 2,
      title: `Two layers offered, ${encodings[0].rid} first, answered without simulcast`,
      asks: 'When two layers are offered and the answer takes no simulcast, does the first layer arrive, and is it the only one left?',
      level: 'must',
      specs: [
        'https://www.rfc-editor.org/rfc/rfc8853#section-5.3.2',
        'https://www.rfc-editor.org/rfc/rfc8829#section-5.10',
        webrtc('set-description'),
      ],
      needs,
    },
    async (pair) => {
      await offerVideo(pair, { prefer: [vp8], encodings: [...encodings] });
      const received = await receiveVideo(pair.answerer);
      const offer = await pair.answerer.run(({ connection }) => connection.heard.descriptions[0]?.sdp ?? '');
      expect(section(offer, 'video').simulcast?.list1, 'the layers of the offer').to.equal(
        encodings.map(({ rid }) => rid).join(';'),
      );
      expect(section(received.answer, 'video').simulcast, 'simulcast in the answer').to.equal(undefined);
      const left = (await parametersOf(pair.offerer)).encodings;
      expect(
        left.map(({ scaleResolutionDownBy }) => scaleResolutionDownBy),
        'scaleResolutionDownBy of the encodings that are left',
      ).to.deep.equal([320 / size[0]]);
      expectPicture(pair, received, size, size[0] === 320 ? sent : scaled);
    },
  );
}

/** Too few bits for this size: a sender that is given no preference sends a smaller picture from the first frame on. */
const sentStarved = {
  prefer: [vp8],
  encodings: [{ maxBitrate: 120_000 }],
  source: { width: 960, height: 540 },
};

for (const degradationPreference of ['maintain-resolution', 'maintain-framerate', 'balanced'] as const) {
  const keepsSize = degradationPreference === 'maintain-resolution';
  scenario(
    {
      id: `codecs/encodings/degradation-preference-${degradationPreference}`,
      version: 2,
      title: `degradationPreference ${degradationPreference}`,
      asks: `At a low bitrate, does the sender keep the preference ${degradationPreference}, and does the right picture arrive${keepsSize ? ' at full size' : ''}?`,
      level: keepsSize ? 'should' : 'info',
      specs: [`${hints}#dom-rtcrtpsendparameters-degradationpreference`],
      needs: { ...needs, offerer: [...needs.offerer, 'parameters:degradationPreference'] },
    },
    async (pair) => {
      await offerVideo(pair, { ...sentStarved, degradationPreference });
      const received = await receiveVideo(pair.answerer);
      const { width, height } = received.report;
      const kept = (await parametersOf(pair.offerer)).degradationPreference;
      expect(kept, 'the preference after negotiating').to.equal(degradationPreference);
      expectPicture(pair, received, keepsSize ? [960, 540] : [width, height], starved);
      pair.measure('width', width, 'px');
    },
  );
}

for (const contentHint of ['detail', 'text', 'motion'] as const) {
  const keepsSize = contentHint !== 'motion';
  scenario(
    {
      id: `codecs/encodings/content-hint-${contentHint}`,
      version: 2,
      title: `contentHint ${contentHint}`,
      asks: `At a low bitrate, does the right picture of a track with the hint ${contentHint} arrive${keepsSize ? ' at full size' : ''}?`,
      level: keepsSize ? 'should' : 'info',
      specs: [`${hints}#video-content-hints`],
      needs: { ...needs, offerer: [...needs.offerer, 'MediaStreamTrack.prototype.contentHint'] },
    },
    async (pair) => {
      await offerVideo(pair, { ...sentStarved, source: { ...sentStarved.source, contentHint } });
      const received = await receiveVideo(pair.answerer);
      const { width, height } = received.report;
      expectPicture(pair, received, keepsSize ? [960, 540] : [width, height], starved);
      pair.measure('width', width, 'px');
    },
  );
}
