import { expect } from 'chai';
import { isCodec, selectorOf } from '../../fixtures/peer-page/codec-match.ts';
import { single } from '../scenario.ts';
import { audioConfigurations, helpers, videoConfigurations } from './catalogue.ts';

const asked = [...videoConfigurations, ...audioConfigurations].map(({ codec }) => codec).concat(helpers);

single(
  {
    id: 'codecs/inventory/every-claimed-codec-has-a-scenario',
    title: 'Every claimed codec has a scenario',
    asks: 'Is there a scenario for each codec configuration that this browser says it sends or receives?',
    level: 'should',
    specs: ['https://www.w3.org/TR/webrtc/#dom-rtcrtpsender-getcapabilities'],
    needs: ['RTCRtpSender.getCapabilities', 'RTCRtpReceiver.getCapabilities'],
  },
  async ({ peer, measure }) => {
    const claimed = await peer.run(() =>
      [RTCRtpSender, RTCRtpReceiver].flatMap((holder) =>
        ['video', 'audio'].flatMap((kind) =>
          (holder.getCapabilities(kind)?.codecs ?? []).map(({ mimeType, sdpFmtpLine }) => ({
            mimeType,
            sdpFmtpLine,
          })),
        ),
      ),
    );
    const unasked = claimed
      .filter((codec) => !asked.some((selector) => isCodec(codec, selector)))
      .map(selectorOf);
    expect(claimed.length, 'codecs that are claimed').to.be.above(0);
    expect([...new Set(unasked)], 'claimed codecs that no scenario asks about').to.deep.equal([]);
    measure('codecs claimed', new Set(claimed.map(selectorOf)).size, '1');
  },
);
