import { scenario } from '../scenario.ts';
import { videoConfigurations } from './catalogue.ts';
import {
  askForVideo,
  expectCodec,
  expectPicture,
  expectSameStream,
  offerVideo,
  receiveVideo,
  videoReceiver,
  videoSender,
} from './steps.ts';

const preferences = 'https://www.w3.org/TR/webrtc/#dom-rtcrtptransceiver-setcodecpreferences';

for (const { id, title, codec, level, specs } of videoConfigurations) {
  scenario(
    {
      id: `codecs/video/${id}`,
      version: 3,
      title,
      asks: `Is ${title} agreed on when the offerer sends and prefers it, and does the answerer decode the right picture?`,
      level,
      specs: [...specs, preferences],
      needs: {
        offerer: [`codec:${codec}:send`, ...videoSender],
        answerer: [`codec:${codec}:receive`, ...videoReceiver],
      },
    },
    async (pair) => {
      await offerVideo(pair, { prefer: [codec] });
      const received = await receiveVideo(pair.answerer);
      await expectCodec(pair.offerer, received, 'video', codec);
      await expectSameStream(pair, [pair.offerer, pair.answerer], 'video');
      expectPicture(pair, received);
    },
  );

  scenario(
    {
      id: `codecs/video-back/${id}`,
      version: 3,
      title: `${title}, towards the offerer`,
      asks: `Is ${title} agreed on when the offerer prefers to receive it, and does the offerer decode the right picture?`,
      level,
      specs: [...specs, preferences],
      needs: {
        offerer: [`codec:${codec}:receive`, ...videoReceiver, videoSender[0]],
        answerer: [`codec:${codec}:send`, videoSender[1]],
      },
    },
    async (pair) => {
      await askForVideo(pair, { prefer: [codec] });
      const received = await receiveVideo(pair.offerer);
      await expectCodec(pair.answerer, received, 'video', codec);
      await expectSameStream(pair, [pair.answerer, pair.offerer], 'video');
      expectPicture(pair, received);
    },
  );
}
