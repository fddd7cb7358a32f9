import { expect } from 'chai';
import { scenario } from '../scenario.ts';
import { audioReceiver, audioSender, expectTones, hearTones, offerTone } from './audio-steps.ts';
import { audioConfigurations, videoConfigurations } from './catalogue.ts';
import { formats, section } from './sdp.ts';
import { expectCodec, expectPicture, offerVideo, receiveVideo, videoReceiver, videoSender } from './steps.ts';

const preferences = 'https://www.w3.org/TR/webrtc/#dom-rtcrtptransceiver-setcodecpreferences';

for (const chooser of ['offerer', 'answerer'] as const) {
  for (const { id, title, codec, level, specs } of videoConfigurations.filter(
    ({ alone }) => alone === true,
  )) {
    scenario(
      {
        id: `codecs/alone-${chooser}/${id}`,
        version: 2,
        title: `${title} alone, chosen by the ${chooser}`,
        asks: `Does ${title} work as the only codec that the ${chooser} keeps?`,
        level,
        specs: [...specs, preferences],
        needs: {
          offerer: [`codec:${codec}:send`, ...videoSender],
          answerer: [`codec:${codec}:receive`, ...videoReceiver, videoSender[0]],
        },
      },
      async (pair) => {
        const choice = { only: [codec] };
        await (chooser === 'offerer' ? offerVideo(pair, choice) : offerVideo(pair, {}, choice));
        const received = await receiveVideo(pair.answerer);
        const { length } = formats(section(received.answer, 'video'));
        expect(length, 'the number of codecs in the answer').to.equal(1);
        await expectCodec(pair.offerer, received, 'video', codec);
        expectPicture(pair, received);
      },
    );
  }
}

for (const { id, title, codec, level, specs } of audioConfigurations) {
  scenario(
    {
      id: `codecs/alone-offerer/${id}`,
      version: 2,
      title: `${title} alone, chosen by the offerer`,
      asks: `Does ${title} work as the only codec that the offerer keeps?`,
      level,
      specs: [...specs, preferences],
      needs: {
        offerer: [`codec:${codec}:send`, videoSender[0], ...audioSender],
        answerer: [`codec:${codec}:receive`, ...audioReceiver],
      },
    },
    async (pair) => {
      await offerTone(pair, { only: [codec] });
      const received = await hearTones(pair.answerer);
      expect(
        formats(section(received.answer, 'audio')).length,
        'the number of codecs in the answer',
      ).to.equal(1);
      await expectCodec(pair.offerer, received, 'audio', codec);
      expectTones(pair, received);
    },
  );
}
