import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { Edit } from '../../fixtures/peer-page/connection.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { scenario } from '../scenario.ts';
import { parametersOf } from '../../fixtures/peer-page/codec-match.ts';
import { formats, section } from './sdp.ts';
import { bothNegotiate, expectPicture, receiveVideo, videoReceiver, videoSender } from './steps.ts';

const mode1 = 'video/H264;packetization-mode=1;profile-level-id=42e01f';
const needs = {
  offerer: [`codec:${mode1}:send`, ...videoSender],
  answerer: [`codec:${mode1}:receive`, ...videoReceiver],
};
const offerAnswer = 'https://www.rfc-editor.org/rfc/rfc6184#section-8.2.2';

/** Parameters of H.264 to which one side's description gives other values than its browser did. */
interface Respelling {
  side: 'offer' | 'answer';
  parameters: Record<string, string>;
}

/** The offerer sends only H.264 Constrained Baseline, and one side's description is changed on its way. */
async function offerH264(
  { offerer, answerer }: PairContext<Agent>,
  respelling: Respelling,
  size: { width: number; height: number } = { width: 320, height: 240 },
): Promise<void> {
  await answerer.run((agent, { side, parameters }) => {
    const outgoing: Edit = ({ type, sdp = '' }) => ({
      type,
      // Firefox leaves in lines that no browser takes; codecs/alone-offerer asks about them, these scenarios do not.
      sdp: agent.sdp.withParameters(agent.sdp.withoutStrayFeedback(sdp), 'H264', parameters),
    });
    agent.connect(side === 'answer' ? { outgoing } : {});
  }, respelling);
  const offered = offerer.run(
    async (agent, [codec, { side, parameters }, drawn]) => {
      const outgoing: Edit = ({ type, sdp = '' }) => ({
        type,
        // Firefox leaves in lines that no browser takes; codecs/alone-offerer asks about them, these scenarios do not.
        sdp: agent.sdp.withParameters(agent.sdp.withoutStrayFeedback(sdp), 'H264', parameters),
      });
      const connection = agent.connect(side === 'offer' ? { outgoing } : {});
      const { track, stream } = agent.media.video(drawn);
      const transceiver = connection.pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
      agent.codecs.only(transceiver, codec);
      await connection.negotiate();
    },
    [mode1, respelling, size] as const,
  );
  await bothNegotiate(answerer, offered);
}

const answered = ({ answer }: { answer: string }) =>
  Object.fromEntries(parametersOf(formats(section(answer, 'video'))[0]?.sdpFmtpLine));

/** The level of the answer, e.g. 3.1. */
const levelIn = (received: { answer: string }): number =>
  Number.parseInt((answered(received)['profile-level-id'] ?? '').slice(4), 16) / 10;

scenario(
  {
    id: 'codecs/h264/profile-level-id-respelled',
    version: 2,
    title: 'A profile-level-id spelled differently',
    asks: 'Is 42c01f, which means the same as 42e01f, taken for the same codec?',
    level: 'must',
    specs: ['https://www.rfc-editor.org/rfc/rfc6184#section-8.1'],
    needs,
  },
  async (pair) => {
    await offerH264(pair, { side: 'offer', parameters: { 'profile-level-id': '42c01f' } });
    const received = await receiveVideo(pair.answerer);
    expect(received.codec?.mimeType, 'the codec that inbound-rtp names').to.equal('video/H264');
    expectPicture(pair, received);
  },
);

scenario(
  {
    id: 'codecs/h264/lower-level-in-answer',
    version: 2,
    title: 'A lower level in the answer',
    asks: 'When the answer names level 1.3 in place of 3.1, does video of a size within that level still arrive?',
    level: 'must',
    specs: [offerAnswer],
    needs,
  },
  async (pair) => {
    await offerH264(pair, { side: 'answer', parameters: { 'profile-level-id': '42e00d' } });
    const received = await receiveVideo(pair.answerer);
    expectPicture(pair, received);
  },
);

scenario(
  {
    id: 'codecs/h264/level-asymmetry-not-allowed',
    version: 2,
    title: 'No level asymmetry',
    asks: 'When an offer of level 1.3 allows no asymmetry, does the answer name no higher level?',
    level: 'must',
    specs: [offerAnswer],
    needs,
  },
  async (pair) => {
    await offerH264(pair, {
      side: 'offer',
      parameters: { 'level-asymmetry-allowed': '0', 'profile-level-id': '42e00d' },
    });
    const received = await receiveVideo(pair.answerer);
    expect(levelIn(received), 'the level in the answer').to.be.at.most(1.3);
    expectPicture(pair, received);
  },
);

scenario(
  {
    id: 'codecs/h264/level-symmetric',
    title: 'The same level both ways',
    asks: 'When an offer of level 3.1 allows no asymmetry, does an answerer that takes 3.1 and more keep that level?',
    level: 'should',
    specs: [offerAnswer],
    needs,
  },
  async (pair) => {
    await offerH264(pair, {
      side: 'offer',
      parameters: { 'level-asymmetry-allowed': '0', 'profile-level-id': '42e01f' },
    });
    const received = await receiveVideo(pair.answerer, { stretchMs: 0 });
    expect(levelIn(received), 'the level in the answer').to.equal(3.1);
  },
);

scenario(
  {
    id: 'codecs/h264/level-asymmetry-allowed',
    version: 2,
    title: 'Level asymmetry',
    asks: 'When an offer of level 1.3 allows asymmetry, does the answer keep its own level, and does a picture that needs that level arrive?',
    level: 'should',
    specs: [offerAnswer],
    needs,
  },
  async (pair) => {
    // Level 1.3 ends at 352×288, level 3.1 at 1280×720.
    const size = { width: 640, height: 480 };
    await offerH264(pair, { side: 'offer', parameters: { 'profile-level-id': '42e00d' } }, size);
    const received = await receiveVideo(pair.answerer);
    expect(answered(received), 'the parameters of the answer').to.include({ 'level-asymmetry-allowed': '1' });
    expect(levelIn(received), 'the level in the answer').to.be.at.least(3.1);
    expectPicture(pair, received, [size.width, size.height]);
  },
);

scenario(
  {
    id: 'codecs/h264/packetization-mode-mismatch',
    title: 'Another packetization mode',
    asks: 'Where the offer has packetization mode 1 only and the answerer takes mode 0 only, is the video rejected?',
    level: 'must',
    specs: [offerAnswer],
    needs: { ...needs, answerer: [...needs.answerer, videoSender[0]] },
  },
  async ({ offerer, answerer }) => {
    const mode0 = mode1.replace('mode=1', 'mode=0');
    await answerer.run((agent, codec) => {
      agent.connect({
        // only Firefox leaves stray feedback lines in
        editsMayChangeNothing: true,
        outgoing: ({ type, sdp = '' }) => ({ type, sdp: agent.sdp.withoutStrayFeedback(sdp) }),
        beforeAnswer(pc) {
          for (const transceiver of pc.getTransceivers()) agent.codecs.only(transceiver, codec);
        },
      });
    }, mode0);
    const offered = offerer.run(async (agent, codec) => {
      const connection = agent.connect({
        // only Firefox leaves stray feedback lines in
        editsMayChangeNothing: true,
        outgoing: ({ type, sdp = '' }) => ({ type, sdp: agent.sdp.withoutStrayFeedback(sdp) }),
      });
      agent.codecs.only(connection.pc.addTransceiver(agent.media.video().track), codec);
      await connection.negotiate();
    }, mode1);
    await bothNegotiate(answerer, offered);
    const answer = await answerer.run(({ connection }) => connection.said.descriptions[0]?.sdp ?? '');
    expect(section(answer, 'video').port, 'the port of the video in the answer: 0 is a refusal').to.equal(0);
  },
);
