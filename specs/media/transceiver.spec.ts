import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PeerHandle } from '../../harness/matrix/scenario.ts';
import { needsOf } from '../connection/added.ts';
import { offerProof, proveData } from '../connection/steps.ts';
import { scenario } from '../scenario.ts';
import { addContent, expectBegun, expectContent, jsep, mLines, negotiate, webrtc } from './steps.ts';

const words = { audio: 'sound', video: 'picture' } as const;

/** What else the call has: data on the m-line before the one that is stopped, data or sound on the one after it, or nothing. */
type Beside = 'data ahead' | 'data behind' | 'sound behind' | 'nothing';

/** Waits until another half a second of sound has come. */
const goOn = (answerer: PeerHandle<Agent>) =>
  answerer.run(async ({ connection }) => {
    const { packetsReceived: before = 0 } = (await connection.inbound('audio')) ?? {};
    await connection.stats<RTCInboundRtpStreamStats>(
      'inbound-rtp',
      ({ kind, packetsReceived = 0 }) => kind === 'audio' && packetsReceived >= before + 25,
      '25 packets of sound more',
    );
  });

for (const [name, before, after, beside] of [
  ['audio-becomes-video', 'audio', 'video', 'data ahead'],
  ['video-again', 'video', 'video', 'data ahead'],
  ['first-line-again', 'video', 'video', 'data behind'],
  ['first-line-again-with-sound', 'video', 'video', 'sound behind'],
  ['only-line-again', 'video', 'video', 'nothing'],
] as const satisfies [string, 'audio' | 'video', 'audio' | 'video', Beside][]) {
  const at = beside === 'data ahead' ? 1 : 0;
  const where = {
    'data ahead': 'after that of data',
    'data behind': 'before that of data',
    'sound behind': 'before that of sound',
    nothing: 'the only one',
  }[beside];
  scenario(
    {
      id: `media/transceiver/${name}`,
      ...(name === 'first-line-again' ? { version: 2 } : {}),
      title: `The m-line of stopped ${before}, ${where}, is reused for ${after}`,
      asks: `When a transceiver of ${before} is stopped and a ${words[after]} is added, is its m-line reused with another mid, and does the ${words[after]} arrive${beside === 'nothing' ? '' : `, and does ${beside.startsWith('data') ? 'data' : 'sound'} go on`}?`,
      level: 'must',
      specs: [jsep('5.2.2'), jsep('5.3.1'), webrtc('dom-rtcrtptransceiver-stop')],
      needs: [...needsOf.audio, ...needsOf.video, 'RTCRtpTransceiver.prototype.stop'],
      timeoutMs: 12_000,
    },
    async (pair) => {
      const prove = async (when = '') => {
        if (beside === 'sound behind') await goOn(pair.answerer);
        else if (beside !== 'nothing') await proveData(pair, when);
      };
      await pair.answerer.run((agent) => void agent.connect());
      await pair.offerer.run((agent) => void agent.connect());
      if (beside === 'data ahead') await pair.offerer.run(offerProof);
      await addContent(pair.offerer, before, 'first');
      if (beside === 'sound behind') await addContent(pair.offerer, 'audio', 'first');
      await (beside === 'data behind' ? pair.offerer.run(offerProof) : negotiate(pair));
      await expectBegun(pair, before, 'first');
      await prove();
      const made = await mLines(pair);
      await pair.offerer.run(({ connection }) => connection.pc.getTransceivers()[0]?.stop());
      await negotiate(pair);
      for (const [type, lines] of Object.entries(await mLines(pair)))
        expect(lines[at]?.isRefused, `whether the stopped m-line is refused in the ${type}`).to.equal(true);
      // Where the first m-line is stopped, both sides may connect anew: first-line-in-transfer asks what is lost then. Where
      // Firefox offers, sound ends here, and it is the other track that shows what Chromium answers to that.
      if (beside === 'data ahead') await prove(' after stop()');
      await addContent(pair.offerer, after, 'second');
      await negotiate(pair);
      const again = await mLines(pair);
      await expectContent(pair, after, 'second', before === after ? 1 : 0);
      await prove(' with the other track');
      expect(
        again.offer.map(({ kind }) => kind),
        'the m-lines of the offer',
      ).to.deep.equal(made.offer.map(({ kind }, index) => (index === at ? after : kind)));
      expect(again.offer[at]?.mid, 'the mid of the m-line that is used again').to.not.equal(
        made.offer[at]?.mid,
      );
    },
  );
}

scenario(
  {
    id: 'media/transceiver/first-line-in-transfer',
    title: 'The m-line of stopped video, before that of data, while messages come in',
    asks: 'When the transceiver of the first m-line is stopped while the answerer sends messages without a pause, do all of them arrive, once and in order?',
    level: 'must',
    specs: [jsep('5.3.1'), webrtc('dom-rtcrtptransceiver-stop')],
    needs: [...needsOf.video, 'RTCRtpTransceiver.prototype.stop'],
    timeoutMs: 10_000,
  },
  async (pair) => {
    await pair.answerer.run((agent) => void agent.connect());
    await pair.offerer.run((agent) => void agent.connect());
    await addContent(pair.offerer, 'video', 'first');
    await pair.offerer.run(offerProof);
    await expectBegun(pair, 'video', 'first');
    await proveData(pair);
    const sending = pair.answerer.run(async ({ connection }) => {
      const channel = await connection.channel('proof');
      const before = connection.heard.descriptions.length;
      let sent = 0;
      let isOffered = false;
      // at most: until a second after the offer
      let until = performance.now() + 6000;
      while (performance.now() < until && channel.readyState === 'open') {
        for (const next = sent + 4; sent < next; sent += 1) channel.send(String(sent));
        if (!isOffered && connection.heard.descriptions.length > before) {
          isOffered = true;
          until = performance.now() + 1000;
        }
        await new Promise((resolve) => setTimeout(resolve));
      }
      return sent;
    });
    const first = await pair.offerer.run(({ connection }) => connection.message('proof'));
    await pair.offerer.run(({ connection }) => connection.pc.getTransceivers()[0]?.stop());
    await negotiate(pair);
    const sent = await sending;
    const others = await pair.offerer.run(async ({ connection }, count) => {
      const messages: unknown[] = [];
      while (messages.length < count) messages.push(await connection.message('proof'));
      return messages;
    }, sent - 1);
    pair.measure('messages', sent, 'messages');
    expect([first, ...others].map(Number), 'the numbers of the messages').to.deep.equal(
      Array.from({ length: sent }, (_, number) => number),
    );
  },
);
