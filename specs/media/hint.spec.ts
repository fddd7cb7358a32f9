import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { offerVideo, receiveVideo, videoReceiver, videoSender } from '../codecs/steps.ts';
import { scenario } from '../scenario.ts';
import { expectKept, starve, type Keeps } from './degradation.ts';

type Pair = PairContext<Agent>;

const vp8 = 'video/VP8';
const size = [640, 480] as const;
/** Bits a second. */
const tooFew = 150_000;

const starved = {
  level: 'must',
  specs: [
    'https://www.w3.org/TR/mst-content-hint/#behavior-of-an-rtcpeerconnection',
    'https://www.w3.org/TR/webrtc/#dom-rtcrtpencodingparameters-maxbitrate',
  ],
  needs: {
    offerer: [
      `codec:${vp8}:send`,
      'RTCRtpSender.prototype.setParameters',
      'MediaStreamTrack.prototype.contentHint',
      ...videoSender,
    ],
    answerer: [`codec:${vp8}:receive`, ...videoReceiver],
  },
  load: 'heavy',
  timeoutMs: 30_000,
} as const;

/** A noisy picture of 20 frames a second with that hint has come in its full size. */
async function sendHinted(pair: Pair, contentHint: string): Promise<void> {
  const [width, height] = size;
  await offerVideo(pair, {
    prefer: [vp8],
    carries: 2_000_000,
    source: { width, height, noise: true, contentHint },
  });
  await receiveVideo(pair.answerer, { stretchMs: 0 });
}

for (const [hint, keeps, asks] of [
  ['motion', 'frame rate', 'is a picture of at most 320×240 shown, with most of its frames'],
  ['detail', 'resolution', 'is the picture shown as large as before, with at most half of its frames'],
  ['text', 'resolution', 'is the picture shown as large as before, with at most half of its frames'],
] as const satisfies readonly [string, Keeps, string][]) {
  scenario(
    {
      ...starved,
      id: `media/hint/${hint}`,
      title: `contentHint ${hint} when the bitrate is limited mid-call`,
      asks: `When the sender of a noisy picture of 640×480 with contentHint ${hint} is limited to 150 kbit/s mid-call, ${asks}?`,
    },
    async (pair) => {
      await sendHinted(pair, hint);
      await starve(pair, tooFew);
      await expectKept(pair, keeps, size, tooFew);
    },
  );
}

for (const [id, hint, keeps, next, keepsNext] of [
  ['motion-to-detail', 'motion', 'frame rate', 'detail', 'resolution'],
  ['detail-to-motion', 'detail', 'resolution', 'motion', 'frame rate'],
] as const) {
  scenario(
    {
      ...starved,
      id: `media/hint/${id}`,
      title: `contentHint ${hint}, then ${next}`,
      asks: `When the contentHint of a starved picture is changed from ${hint} to ${next} mid-call, does it keep its ${keeps} before and its ${keepsNext} behind it, without negotiation?`,
      timeoutMs: 45_000,
    },
    async (pair) => {
      await sendHinted(pair, hint);
      await starve(pair, tooFew);
      await expectKept(pair, keeps, size, tooFew);
      await pair.offerer.run(({ media }, wanted) => {
        media.videoSource.track.contentHint = wanted;
      }, next);
      await expectKept(pair, keepsNext, size, tooFew);
    },
  );
}
