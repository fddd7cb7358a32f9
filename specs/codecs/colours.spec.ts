import { scenario } from '../scenario.ts';
import { exact, sent } from '../steps/bounds.ts';
import { videoConfigurations } from './catalogue.ts';
import { expectCodec, expectPicture, offerVideo, receiveVideo, videoReceiver, videoSender } from './steps.ts';

for (const { id, title, codec } of videoConfigurations.filter(({ alone }) => alone === true)) {
  scenario(
    {
      id: `codecs/colours/${id}`,
      title: `${title}: colours and greys`,
      asks: `Does the answerer show the colours and greys of a canvas that is sent with ${title} as they were drawn?`,
      level: 'should',
      specs: [
        'https://www.rfc-editor.org/rfc/rfc7742#section-3',
        'https://www.rfc-editor.org/rfc/rfc6386#section-5',
      ],
      needs: {
        offerer: [`codec:${codec}:send`, ...videoSender],
        answerer: [`codec:${codec}:receive`, ...videoReceiver],
      },
    },
    async (pair) => {
      await offerVideo(pair, { prefer: [codec] });
      const received = await receiveVideo(pair.answerer, { stretchMs: 500 });
      await expectCodec(pair.offerer, received, 'video', codec);
      expectPicture(pair, received, [320, 240], { ...sent, ...exact });
    },
  );
}
