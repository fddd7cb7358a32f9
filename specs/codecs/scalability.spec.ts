import { expect } from 'chai';
import { scenario } from '../scenario.ts';
import { scalabilityModes, scalableCodecs } from './catalogue.ts';
import { layered, sent } from '../steps/bounds.ts';
import { modeSent, parametersOf, receiveSize } from './encoding-steps.ts';
import { expectCodec, expectPicture, offerVideo, receiveVideo, videoReceiver, videoSender } from './steps.ts';

for (const { id, title, codec } of scalableCodecs) {
  for (const { id: modeId, mode, size } of scalabilityModes) {
    const [width, height] = size;
    scenario(
      {
        id: `codecs/scalability/${id}-${modeId}`,
        version: 2,
        title: `${title}, ${mode}`,
        asks: `Where the offerer sends ${title} in scalability mode ${mode}, does the answerer decode every layer?`,
        level: 'should',
        specs: [
          'https://www.w3.org/TR/webrtc-svc/#dom-rtcrtpencodingparameters-scalabilitymode',
          'https://www.w3.org/TR/media-capabilities/#dom-videoconfiguration-scalabilitymode',
        ],
        needs: {
          offerer: [`scalability:${codec}:${mode}`, `codec:${codec}:send`, ...videoSender],
          answerer: [`codec:${codec}:receive`, ...videoReceiver],
        },
      },
      async (pair) => {
        await offerVideo(pair, {
          prefer: [codec],
          encodings: [{ scalabilityMode: mode }],
          carries: 2_000_000,
          source: { width, height },
        });
        const { encodings } = await parametersOf(pair.offerer);
        expect(
          encodings.map(({ scalabilityMode }) => scalabilityMode),
          'the mode that getParameters names',
        ).to.deep.equal([mode]);
        await receiveSize(pair.answerer, size);
        const received = await receiveVideo(pair.answerer);
        expect(await modeSent(pair.offerer), 'the mode that outbound-rtp names').to.equal(mode);
        await expectCodec(pair.offerer, received, 'video', codec);
        expectPicture(pair, received, size, mode.startsWith('L1') ? sent : layered);
      },
    );
  }
}

for (const { id, title, codec } of scalableCodecs) {
  const mode = 'L1T3';
  scenario(
    {
      id: `codecs/scalability/temporal-layers-${id}`,
      title: `${title}, the layers of ${mode}`,
      asks: `Where the offerer sends ${title} in scalability mode ${mode}, do encoded frames of all three temporal layers reach the answerer?`,
      level: 'should',
      specs: [
        'https://www.w3.org/TR/webrtc-svc/#L1T3*',
        'https://www.w3.org/TR/webrtc-encoded-transform/#dom-rtcencodedvideoframemetadata-temporalindex',
      ],
      needs: {
        offerer: [`scalability:${codec}:${mode}`, `codec:${codec}:send`, ...videoSender],
        answerer: [`codec:${codec}:receive`, 'RTCRtpScriptTransform', ...videoReceiver],
      },
    },
    async (pair) => {
      const encodings = [{ scalabilityMode: mode }];
      await offerVideo(pair, { prefer: [codec], encodings, carries: 2_000_000 }, { countsLayers: true });
      const received = await receiveVideo(pair.answerer);
      await expectCodec(pair.offerer, received, 'video', codec);
      const layers = await pair.answerer.run(({ codecs }) => codecs.countedLayers());
      expect(Object.keys(layers), 'the temporal layers of the frames that arrived').to.have.members([
        '0',
        '1',
        '2',
      ]);
      expectPicture(pair, received);
    },
  );
}
