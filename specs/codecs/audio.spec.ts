import { expect } from 'chai';
import { parametersOf } from '../../fixtures/peer-page/codec-match.ts';
import { scenario } from '../scenario.ts';
import {
  audioFlow,
  audioReceiver,
  audioSender,
  expectTones,
  hertz,
  hearTones,
  offerTone,
  silence,
} from './audio-steps.ts';
import { tone, toneInStereo } from '../steps/bounds.ts';
import { audioConfigurations } from './catalogue.ts';
import { formats, section } from './sdp.ts';
import { expectCodec, expectSameStream } from './steps.ts';

const needs = (codec: string) => ({
  offerer: [`codec:${codec}:send`, ...audioSender],
  answerer: [`codec:${codec}:receive`, ...audioReceiver],
});

for (const { id, title, codec, level, specs } of audioConfigurations) {
  scenario(
    {
      id: `codecs/audio/${id}`,
      version: 3,
      title,
      asks: `Is ${title} agreed on when the offerer prefers it, and does the answerer hear the tone that is played?`,
      level,
      specs,
      needs: needs(codec),
    },
    async (pair) => {
      await offerTone(pair, { prefer: [codec] });
      const received = await hearTones(pair.answerer);
      await expectCodec(pair.offerer, received, 'audio', codec);
      await expectSameStream(pair, [pair.offerer, pair.answerer], 'audio');
      expectTones(pair, received);
    },
  );
}

/** The parameters of Opus in the answer. */
const opusIn = ({ answer }: { answer: string }) =>
  Object.fromEntries(
    parametersOf(
      formats(section(answer, 'audio')).find(({ mimeType }) => mimeType === 'audio/opus')?.sdpFmtpLine,
    ),
  );

scenario(
  {
    id: 'codecs/audio/opus-stereo',
    version: 2,
    title: 'Opus in stereo',
    asks: 'Where both sides ask for stereo, is each of two tones heard on its own side?',
    level: 'should',
    specs: ['https://www.rfc-editor.org/rfc/rfc7587#section-6.1'],
    needs: needs('audio/opus'),
  },
  async (pair) => {
    const frequencies = [440, 1000];
    await offerTone(pair, { frequencies, opus: { stereo: '1', 'sprop-stereo': '1' } });
    const received = await hearTones(pair.answerer, frequencies);
    await expectCodec(pair.offerer, received, 'audio', 'audio/opus');
    expect(opusIn(received), 'the parameters of Opus in the answer').to.include({ stereo: '1' });
    expectTones(pair, received, frequencies, toneInStereo);
  },
);

scenario(
  {
    id: 'codecs/audio/opus-dtx',
    version: 2,
    title: 'Opus with discontinuous transmission',
    asks: 'When the receiver asks for DTX, do fewer than half as many packets arrive in silence as with a tone?',
    level: 'should',
    specs: ['https://www.rfc-editor.org/rfc/rfc7587#section-3.1.3'],
    needs: needs('audio/opus'),
  },
  async (pair) => {
    await offerTone(pair, { opus: { usedtx: '1' } });
    const received = await hearTones(pair.answerer);
    expectTones(pair, received);
    const loud = await audioFlow(pair.answerer);
    await silence(pair.offerer);
    const silent = await audioFlow(pair.answerer, loud.packetsPerSecond / 2);
    expect(silent.packetsPerSecond, 'packets a second in silence').to.be.below(loud.packetsPerSecond / 2);
    pair.measure('packets a second with a tone', loud.packetsPerSecond, '1');
    pair.measure('packets a second in silence', silent.packetsPerSecond, '1');
  },
);

scenario(
  {
    id: 'codecs/audio/opus-fec-negotiated',
    version: 2,
    title: 'Opus with in-band FEC',
    asks: 'Do both sides say that they use in-band FEC, and is the tone heard?',
    level: 'must',
    specs: [
      'https://www.rfc-editor.org/rfc/rfc8854#section-7',
      'https://www.rfc-editor.org/rfc/rfc7587#section-6.1',
    ],
    needs: needs('audio/opus'),
  },
  async (pair) => {
    await offerTone(pair);
    const received = await hearTones(pair.answerer);
    const offer = await pair.offerer.run(({ connection }) => connection.said.descriptions[0]?.sdp ?? '');
    expect(opusIn({ answer: offer }), 'the parameters of Opus in the offer').to.include({
      useinbandfec: '1',
    });
    expect(opusIn(received), 'the parameters of Opus in the answer').to.include({ useinbandfec: '1' });
    expectTones(pair, received);
  },
);

scenario(
  {
    id: 'codecs/audio/opus-cbr',
    version: 2,
    title: 'Opus at a constant bitrate',
    asks: 'Where the receiver asks for a constant bitrate, are packets as large in silence as with a tone?',
    // the RFC words this as a preference of the receiver
    level: 'info',
    specs: ['https://www.rfc-editor.org/rfc/rfc7587#section-6.1'],
    needs: needs('audio/opus'),
  },
  async (pair) => {
    await offerTone(pair, { opus: { cbr: '1' } });
    const received = await hearTones(pair.answerer);
    expectTones(pair, received);
    const loud = await audioFlow(pair.answerer);
    await silence(pair.offerer);
    await pair.answerer.run(async ({ connection, media }) => {
      const listener = await media.listen((await connection.track('audio')).track);
      await listener.untilSilent();
    });
    const silent = await audioFlow(pair.answerer);
    // At a variable rate a packet of silence has 3 bytes; the edge of the measured second may split the counts of a packet.
    expect(silent.bytesPerPacket, 'bytes a packet in silence').to.be.closeTo(
      loud.bytesPerPacket,
      loud.bytesPerPacket / 4,
    );
    pair.measure('bytes a packet', loud.bytesPerPacket, 'bytes');
  },
);

scenario(
  {
    id: 'codecs/audio/opus-maxaveragebitrate',
    version: 2,
    title: 'Opus with a largest average bitrate',
    asks: 'Does the sender keep below the average bitrate that the receiver names?',
    level: 'should',
    specs: ['https://www.rfc-editor.org/rfc/rfc7587#section-6.1'],
    needs: needs('audio/opus'),
  },
  async (pair) => {
    await offerTone(pair, { opus: { maxaveragebitrate: '12000' } });
    const received = await hearTones(pair.answerer);
    expectTones(pair, received, [hertz], { purity: tone.purityAtFewBits });
    const { bitsPerSecond } = await audioFlow(pair.answerer);
    // Left alone, the browsers send a tone at 32 kbit/s or more; one second of a variable rate may be above the average.
    expect(bitsPerSecond, 'bits a second').to.be.within(4000, 20_000);
    pair.measure('bitrate', bitsPerSecond, 'bit/s');
  },
);

scenario(
  {
    id: 'codecs/audio/red-opus',
    version: 2,
    title: 'Opus in RED',
    asks: 'Is redundant audio agreed on when the offerer prefers it, and is the tone heard?',
    level: 'should',
    specs: ['https://www.rfc-editor.org/rfc/rfc2198'],
    needs: needs('audio/red'),
  },
  async (pair) => {
    await offerTone(pair, { prefer: ['audio/red', 'audio/opus'] });
    const received = await hearTones(pair.answerer);
    const [head] = formats(section(received.answer, 'audio'));
    expect(head?.mimeType, 'the codec that heads the agreed m-line').to.equal('audio/red');
    // Chromium names the inner codec, and counts the redundant blocks as headers: a plain header has about 24 bytes.
    expect(received.codec?.mimeType, 'the codec that inbound-rtp names').to.be.oneOf([
      'audio/red',
      'audio/opus',
    ]);
    const { headerBytesReceived = 0, packetsReceived = 1 } = received.inbound;
    expect(headerBytesReceived / packetsReceived, 'bytes of each packet ahead of its own block').to.be.above(
      32,
    );
    expectTones(pair, received);
    const { bitsPerSecond } = await audioFlow(pair.answerer);
    pair.measure('bitrate', bitsPerSecond, 'bit/s');
  },
);

scenario(
  {
    id: 'codecs/audio/cn',
    version: 2,
    title: 'PCMU with comfort noise',
    asks: 'When both sides accept comfort noise, is the tone heard over PCMU, and do fewer than half as many packets arrive in silence as with a tone?',
    level: 'should',
    specs: ['https://www.rfc-editor.org/rfc/rfc3389', 'https://www.rfc-editor.org/rfc/rfc7874#section-3'],
    needs: needs('audio/CN'),
  },
  async (pair) => {
    await offerTone(pair, { only: ['audio/PCMU', 'audio/CN'] });
    const received = await hearTones(pair.answerer);
    await expectCodec(pair.offerer, received, 'audio', 'audio/PCMU');
    const agreed = formats(section(received.answer, 'audio')).map(({ mimeType }) => mimeType);
    expect(agreed, 'the codecs of the answer').to.deep.equal(['audio/PCMU', 'audio/CN']);
    expectTones(pair, received);
    const loud = await audioFlow(pair.answerer);
    await silence(pair.offerer);
    const silent = await audioFlow(pair.answerer, loud.packetsPerSecond / 2);
    expect(silent.packetsPerSecond, 'packets a second in silence').to.be.below(loud.packetsPerSecond / 2);
    pair.measure('packets a second in silence', silent.packetsPerSecond, '1');
  },
);
